/** Every address that a link may have, so that a moved page breaks the compiler and not a link. */
const query = (search: Readonly<Record<string, string | undefined>> | undefined): string => {
  const given = Object.entries(search ?? {}).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
};

type Search = Readonly<Record<string, string | undefined>>;

export const paths = {
  home: () => "/",
  signIn: (next?: string) => `/sign-in${query({ next })}`,
  invitation: (token: string) => `/invitation/${encodeURIComponent(token)}`,
  /** The list; `open` names the payment whose drawer is open. */
  payments: (search?: Search) => `/payments${query(search)}`,
  payment: (id: string) => `/payments/${encodeURIComponent(id)}`,
  newPayment: () => "/payments/new",
  exportPayments: () => "/api/export/payments",
  exportWorkbench: () => "/api/export/workbench",
  exceptions: (search?: Search) => `/exceptions${query(search)}`,
  exception: (id: string) => `/exceptions/${encodeURIComponent(id)}`,
  /** The calendar of a month, and what is open. */
  reconciliation: (search?: Search) => `/reconciliation${query(search)}`,
  /** A day of a channel; `open` names the difference whose drawer is open. */
  reconciliationDay: (id: string, search?: Search) => `/reconciliation/${encodeURIComponent(id)}${query(search)}`,
  /** The list of 当面付 applications; `open` names the one whose drawer is open. */
  facetoface: (search?: Search) => `/facetoface${query(search)}`,
  facetofaceOrder: (id: string) => `/facetoface/${encodeURIComponent(id)}`,
  /** `from` names an application that ended, whose data the new one begins with. */
  newFacetoface: (from?: string) => `/facetoface/new${query({ from })}`,
  editFacetoface: (id: string) => `/facetoface/${encodeURIComponent(id)}/edit`,
  facetofacePictures: () => "/api/facetoface/pictures",
  facetofacePicture: (id: string) => `/api/facetoface/pictures/${encodeURIComponent(id)}`,
  exportFacetoface: () => "/api/export/facetoface",
  inbox: (search?: Search) => `/inbox${query(search)}`,
  message: (id: string) => `/inbox/${encodeURIComponent(id)}`,
  channels: (search?: Search) => `/channels${query(search)}`,
  channel: (id: string) => `/channels/${encodeURIComponent(id)}`,
  newChannel: (provider?: string) => `/channels/new${query({ provider })}`,
  members: (search?: Search) => `/members${query(search)}`,
  audit: (search?: Search) => `/audit${query(search)}`,
  tenants: (search?: Search) => `/tenants${query(search)}`,
  tenant: (id: string) => `/tenants/${encodeURIComponent(id)}`,
  checkout: (token: string) => `/checkout/${encodeURIComponent(token)}`,
} as const;
