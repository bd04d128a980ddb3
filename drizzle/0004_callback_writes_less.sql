ALTER TABLE "app"."event" DROP CONSTRAINT "event_tenant_id_tenant_id_fk";
--> statement-breakpoint
DROP INDEX "app"."event_type_at";--> statement-breakpoint
DROP INDEX "app"."notification_state_received";--> statement-breakpoint
DROP INDEX "app"."entry_payment";--> statement-breakpoint
DROP INDEX "app"."entry_booked";--> statement-breakpoint
CREATE INDEX "event_rare_type_at" ON "app"."event" USING btree ("tenant_id","type","at","id") WHERE "app"."event"."type" not like 'payment.%' and "app"."event"."type" not like 'transaction.%';--> statement-breakpoint
CREATE INDEX "notification_open_state" ON "app"."notification" USING btree ("tenant_id","state","received_at","id") WHERE "app"."notification"."state" <> 'applied';--> statement-breakpoint
CREATE INDEX "entry_booked" ON "app"."entry" USING btree ("tenant_id","booked_at") WHERE "app"."entry"."account" = 'orders';--> statement-breakpoint
-- A message of usual size stays whole in its row: packing its encrypted body saves nothing and costs a third of storing it.
ALTER TABLE "app"."notification" SET (toast_tuple_target = 8160);--> statement-breakpoint
-- It took one message; its successor takes several.
DROP FUNCTION IF EXISTS "app"."receive_paid"(text, text, text, text, text, text, text, text, bigint, bigint, text, text, bytea, text, timestamptz, bytea, integer, jsonb, jsonb, text, text, text, text, text, text, timestamptz);
