ALTER TABLE "app"."exception_case" ADD COLUMN "payment_created_at" timestamp (3) with time zone;--> statement-breakpoint
-- The owner too stands behind the walls, and no tenant is set here: without this nothing would be found.
ALTER TABLE "app"."payment" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "app"."exception_case" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
UPDATE "app"."exception_case" c SET "payment_created_at" = p."created_at"
  FROM "app"."payment" p WHERE p."tenant_id" = c."tenant_id" AND p."id" = c."payment_id";--> statement-breakpoint
ALTER TABLE "app"."payment" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "app"."exception_case" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "app"."exception_case" ADD CONSTRAINT "exception_case_payment_time" CHECK (("app"."exception_case"."payment_id" is null) = ("app"."exception_case"."payment_created_at" is null));
