DROP INDEX "app"."payment_created";--> statement-breakpoint
DROP INDEX "app"."payment_unpaid_created";--> statement-breakpoint
CREATE INDEX "payment_created" ON "app"."payment" USING btree ("tenant_id","created_at","id","amount_fen");--> statement-breakpoint
CREATE INDEX "payment_unpaid_created" ON "app"."payment" USING btree ("tenant_id","status","created_at","id","amount_fen") WHERE "app"."payment"."status" <> 'paid';