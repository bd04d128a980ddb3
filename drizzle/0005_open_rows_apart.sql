CREATE TABLE "app"."open_transaction" (
	"tenant_id" text NOT NULL,
	"transaction_id" text NOT NULL,
	"payment_id" text NOT NULL,
	"in_doubt" boolean NOT NULL,
	CONSTRAINT "open_transaction_tenant_id_transaction_id_pk" PRIMARY KEY("tenant_id","transaction_id")
);
--> statement-breakpoint
CREATE TABLE "app"."pending_payment" (
	"tenant_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"payment_id" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	CONSTRAINT "pending_payment_tenant_id_created_at_payment_id_pk" PRIMARY KEY("tenant_id","created_at","payment_id")
);
--> statement-breakpoint
CREATE TABLE "app"."provider_trade" (
	"tenant_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"trade_no" text NOT NULL,
	"transaction_id" text NOT NULL,
	CONSTRAINT "provider_trade_tenant_id_channel_id_trade_no_pk" PRIMARY KEY("tenant_id","channel_id","trade_no")
);
--> statement-breakpoint
ALTER TABLE "app"."outbox" DROP CONSTRAINT "outbox_once";--> statement-breakpoint
DROP INDEX "app"."payment_unpaid_created";--> statement-breakpoint
DROP INDEX "app"."transaction_provider_trade_no";--> statement-breakpoint
DROP INDEX "app"."transaction_open";--> statement-breakpoint
DROP INDEX "app"."payment_closed";--> statement-breakpoint
-- The row's name is its key; its id only tells it from one of the same name before it.
ALTER TABLE "app"."outbox" DROP CONSTRAINT "outbox_pkey";--> statement-breakpoint
ALTER TABLE "app"."outbox" ADD CONSTRAINT "outbox_once" PRIMARY KEY("tenant_id","job","subject");--> statement-breakpoint
ALTER TABLE "app"."open_transaction" ADD CONSTRAINT "open_transaction_transaction" FOREIGN KEY ("tenant_id","transaction_id") REFERENCES "app"."transaction"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."pending_payment" ADD CONSTRAINT "pending_payment_payment" FOREIGN KEY ("tenant_id","payment_id") REFERENCES "app"."payment"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."provider_trade" ADD CONSTRAINT "provider_trade_transaction" FOREIGN KEY ("tenant_id","transaction_id") REFERENCES "app"."transaction"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "open_transaction_in_doubt" ON "app"."open_transaction" USING btree ("tenant_id","payment_id") WHERE "app"."open_transaction"."in_doubt";--> statement-breakpoint
CREATE INDEX "payment_closed_created" ON "app"."payment" USING btree ("tenant_id","created_at","id","amount_fen") WHERE "app"."payment"."closed_at" is not null;--> statement-breakpoint
CREATE INDEX "payment_refunded_created" ON "app"."payment" USING btree ("tenant_id","created_at","id","amount_fen") WHERE "app"."payment"."refunded_fen" > 0;--> statement-breakpoint
CREATE INDEX "payment_closed" ON "app"."payment" USING btree ("tenant_id","closed_at") WHERE "app"."payment"."closed_at" is not null;--> statement-breakpoint
-- Room in the pages, so that a callback's change stays in its page and no index hears of it: an attempt grows by what the provider says.
ALTER TABLE "app"."payment" SET (fillfactor = 80);--> statement-breakpoint
ALTER TABLE "app"."transaction" SET (fillfactor = 65);--> statement-breakpoint
-- The owner too stands behind the walls, and no tenant is set here: without this nothing would be found.
ALTER TABLE "app"."payment" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "app"."transaction" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
INSERT INTO "app"."pending_payment" ("tenant_id", "created_at", "payment_id", "amount_fen")
  SELECT "tenant_id", "created_at", "id", "amount_fen" FROM "app"."payment" WHERE "status" = 'pending';--> statement-breakpoint
INSERT INTO "app"."open_transaction" ("tenant_id", "transaction_id", "payment_id", "in_doubt")
  SELECT "tenant_id", "id", "payment_id", "status" = 'unknown' FROM "app"."transaction" WHERE "status" IN ('created', 'awaiting', 'unknown');--> statement-breakpoint
INSERT INTO "app"."provider_trade" ("tenant_id", "channel_id", "trade_no", "transaction_id")
  SELECT "tenant_id", "channel_id", "provider_trade_no", "id" FROM "app"."transaction" WHERE "provider_trade_no" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "app"."payment" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "app"."transaction" FORCE ROW LEVEL SECURITY;
