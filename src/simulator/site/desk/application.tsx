import type { ReactNode } from "react";
import { categoryName } from "~/domain/mcc";
import type { ApplicationView } from "../../control/types";
import { CopyButton, When } from "../parts/show";
import { usePreferences, useWords } from "../preferences";
import { sizeText } from "./application-stage";
import { Review } from "./review";

/** One application with everything that was sent, and what a reviewer can do about it. */
export function Application({ application }: { application: ApplicationView }) {
  const { signing: words } = useWords();
  return (
    <div className="detail application">
      <Review application={application} />
      <Section title={words.sections.application}>
        <Facts application={application} />
      </Section>
      <Section title={words.sections.product}>
        {application.signedAt === null ? <p className="quiet">{words.notSent}</p> : <Product application={application} />}
      </Section>
      {application.signedAt !== null && (
        <Section title={words.sections.pictures}>
          <Pictures pictures={application.pictures} />
        </Section>
      )}
      <Section title={words.sections.history}>
        <History application={application} />
      </Section>
    </div>
  );
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section>
    <h3>{title}</h3>
    {children}
  </section>
);

function Fact({ name, copy, children }: { name: string; copy?: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span>{children}</span>
        {copy !== undefined && <CopyButton text={copy} thing={name} />}
      </dd>
    </div>
  );
}

function Facts({ application }: { application: ApplicationView }) {
  const { signing: words } = useWords();
  const { contact, orderNo } = application;
  return (
    <dl className="facts">
      <Fact name={words.facts.account}>{application.account}</Fact>
      <Fact name={words.facts.contact}>{[contact.name, contact.mobile, contact.email].filter(Boolean).join(" · ")}</Fact>
      <Fact name={words.batchNo} copy={application.batchNo}>
        <span className="mono">{application.batchNo}</span>
      </Fact>
      {orderNo && (
        <Fact name={words.facts.orderNo} copy={orderNo}>
          <span className="mono">{orderNo}</span>
        </Fact>
      )}
      <Fact name={words.facts.pid}>
        <span className="mono">{application.merchantPid}</span>
      </Fact>
      <Fact name={words.facts.app}>{application.appName ?? <span className="mono">{application.appId}</span>}</Fact>
      {application.orderTicket && (
        <Fact name={words.facts.ticket}>
          <span className="mono">{application.orderTicket}</span>
        </Fact>
      )}
      {application.confirmedTimes > 1 && <Fact name={words.facts.confirms}>{application.confirmedTimes}</Fact>}
    </dl>
  );
}

function Product({ application }: { application: ApplicationView }) {
  const { signing: words } = useWords();
  const { lang } = usePreferences();
  const { fields, shopAddress } = application;
  const known = Object.keys(words.fieldOf);
  const ordered = Object.entries(fields).sort(([a], [b]) => known.indexOf(a) - known.indexOf(b));
  const show = (name: string, text: string) => {
    if (name === "mcc_code") return [text, categoryName(text, lang)].filter(Boolean).join(" · ");
    if (name === "rate") return `${text}%`;
    return text === "true" ? words.yes : text === "false" ? words.no : text;
  };
  const regions = [shopAddress.province_code, shopAddress.city_code, shopAddress.district_code].filter(Boolean).join(" / ");
  const place = [shopAddress.longitude, shopAddress.latitude].filter(Boolean).join(", ");
  return (
    <dl className="facts">
      {ordered.map(([name, text]) => (
        <Fact key={name} name={words.fieldOf[name] ?? name}>
          {show(name, text)}
        </Fact>
      ))}
      {shopAddress.detail_address && <Fact name={words.facts.address}>{shopAddress.detail_address}</Fact>}
      {regions && <Fact name={words.facts.regions}>{regions}</Fact>}
      {place && <Fact name={words.facts.place}>{place}</Fact>}
    </dl>
  );
}

function Pictures({ pictures }: { pictures: ApplicationView["pictures"] }) {
  const { signing: words } = useWords();
  if (pictures.length === 0) return <p className="quiet">{words.noPictures}</p>;
  return (
    <ul className="pictures">
      {pictures.map((picture) => {
        const name = words.pictureOf[picture.name] ?? picture.name;
        return (
          <li key={picture.name}>
            <a href={picture.url} target="_blank" rel="noreferrer" aria-label={words.larger(name)} data-tip={picture.filename}>
              {/* biome-ignore lint/performance/noImgElement: this site is no Next page, and the picture is shown as it was sent */}
              <img src={picture.url} alt="" loading="lazy" />
            </a>
            <b>{name}</b>
            <span className="quiet">
              {picture.format} · {sizeText(picture.bytes)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function History({ application }: { application: ApplicationView }) {
  const { signing: words } = useWords();
  return (
    <ol className="attempts">
      <li>
        <When at={application.createdAt} />
        <span>{words.began}</span>
      </li>
      {application.moves.map((move, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: moves are only ever added
        <li key={index}>
          <When at={move.at} />
          <span>{words.orderState[move.status] ?? move.status}</span>
          <span className="mono quiet">{move.status}</span>
          {move.reason && <span>{move.reason}</span>}
        </li>
      ))}
    </ol>
  );
}
