DROP INDEX "app"."transaction_payment";--> statement-breakpoint
CREATE INDEX "transaction_payment" ON "app"."transaction" USING btree ("tenant_id","payment_id","created_at","id");