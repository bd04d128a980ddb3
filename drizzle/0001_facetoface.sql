CREATE TABLE "app"."facetoface_batch" (
	"tenant_id" text NOT NULL,
	"batch_no" text NOT NULL,
	"order_id" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"end" text,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "facetoface_batch_tenant_id_batch_no_pk" PRIMARY KEY("tenant_id","batch_no"),
	CONSTRAINT "facetoface_batch_end" CHECK ("app"."facetoface_batch"."end" is null or "app"."facetoface_batch"."end" in ('submitted', 'cancelled', 'expired')),
	CONSTRAINT "facetoface_batch_ended" CHECK (("app"."facetoface_batch"."end" is null) = ("app"."facetoface_batch"."ended_at" is null))
);
--> statement-breakpoint
CREATE TABLE "app"."facetoface_call" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"order_id" text NOT NULL,
	"batch_no" text,
	"method" text NOT NULL,
	"outcome" text NOT NULL,
	"code" text,
	"answer_sealed" "bytea",
	"ms" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "facetoface_call_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "facetoface_call_outcome" CHECK ("app"."facetoface_call"."outcome" in ('ok', 'declined', 'unavailable', 'unknown'))
);
--> statement-breakpoint
CREATE TABLE "app"."facetoface_order" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"channel_id" text NOT NULL,
	"status" text NOT NULL,
	"step" text NOT NULL,
	"step_lease_until" timestamp (3) with time zone,
	"batch_no" text,
	"order_no" text,
	"merchant_name" text NOT NULL,
	"shop_name" text NOT NULL,
	"shop_address" jsonb NOT NULL,
	"mcc_code" text NOT NULL,
	"rate" text,
	"sign_and_auth" boolean NOT NULL,
	"person_sealed" "bytea" NOT NULL,
	"masked" jsonb NOT NULL,
	"license_long_term" boolean NOT NULL,
	"license_valid_until" date,
	"remark" text,
	"provider_state" text,
	"merchant_pid" text,
	"products" jsonb,
	"confirm_url" text,
	"confirm_expires_at" timestamp (3) with time zone,
	"remind_count" integer DEFAULT 0 NOT NULL,
	"last_remind_at" timestamp (3) with time zone,
	"reject_reason" text,
	"close_reason" text,
	"failure_code" text,
	"failure_reason" text,
	"tokens_sealed" "bytea",
	"token_expires_at" timestamp (3) with time zone,
	"reapply_of" text,
	"query_count" integer DEFAULT 0 NOT NULL,
	"last_query_at" timestamp (3) with time zone,
	"next_query_at" timestamp (3) with time zone,
	"submitted_at" timestamp (3) with time zone,
	"held_at" timestamp (3) with time zone,
	"approved_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "facetoface_order_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "facetoface_order_batch_no" UNIQUE("tenant_id","batch_no"),
	CONSTRAINT "facetoface_order_status" CHECK ("app"."facetoface_order"."status" in ('init', 'submitted', 'merchant_auditing', 'merchant_confirm', 'success', 'closed')),
	CONSTRAINT "facetoface_order_step" CHECK ("app"."facetoface_order"."step" in ('new', 'creating', 'created', 'signing', 'signed', 'confirming', 'confirmed')),
	CONSTRAINT "facetoface_order_close_reason" CHECK (("app"."facetoface_order"."status" = 'closed') = ("app"."facetoface_order"."close_reason" is not null)),
	CONSTRAINT "facetoface_order_close_word" CHECK ("app"."facetoface_order"."close_reason" is null or "app"."facetoface_order"."close_reason" in ('rejected', 'confirm_expired', 'withdrawn')),
	CONSTRAINT "facetoface_order_ended" CHECK (("app"."facetoface_order"."status" in ('success', 'closed')) = ("app"."facetoface_order"."ended_at" is not null)),
	CONSTRAINT "facetoface_order_asked" CHECK ("app"."facetoface_order"."ended_at" is null or "app"."facetoface_order"."next_query_at" is null)
);
--> statement-breakpoint
CREATE TABLE "app"."facetoface_picture" (
	"tenant_id" text NOT NULL,
	"order_id" text NOT NULL,
	"slot" text NOT NULL,
	"picture_id" text NOT NULL,
	CONSTRAINT "facetoface_picture_tenant_id_order_id_slot_pk" PRIMARY KEY("tenant_id","order_id","slot"),
	CONSTRAINT "facetoface_picture_slot" CHECK ("app"."facetoface_picture"."slot" in ('business_license', 'business_license_auth', 'shop_scene', 'shop_sign_board', 'special_license'))
);
--> statement-breakpoint
CREATE TABLE "app"."picture" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"type" text NOT NULL,
	"bytes" integer NOT NULL,
	"sha256" text NOT NULL,
	"content_sealed" "bytea" NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "picture_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "picture_type" CHECK ("app"."picture"."type" in ('png', 'bmp', 'gif', 'jpg')),
	CONSTRAINT "picture_bytes" CHECK ("app"."picture"."bytes" between 5120 and 5242880)
);
--> statement-breakpoint
ALTER TABLE "app"."facetoface_batch" ADD CONSTRAINT "facetoface_batch_order" FOREIGN KEY ("tenant_id","order_id") REFERENCES "app"."facetoface_order"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."facetoface_call" ADD CONSTRAINT "facetoface_call_order" FOREIGN KEY ("tenant_id","order_id") REFERENCES "app"."facetoface_order"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."facetoface_order" ADD CONSTRAINT "facetoface_order_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."facetoface_order" ADD CONSTRAINT "facetoface_order_channel" FOREIGN KEY ("tenant_id","channel_id") REFERENCES "app"."channel"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."facetoface_order" ADD CONSTRAINT "facetoface_order_reapply_of" FOREIGN KEY ("tenant_id","reapply_of") REFERENCES "app"."facetoface_order"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."facetoface_picture" ADD CONSTRAINT "facetoface_picture_order" FOREIGN KEY ("tenant_id","order_id") REFERENCES "app"."facetoface_order"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."facetoface_picture" ADD CONSTRAINT "facetoface_picture_picture" FOREIGN KEY ("tenant_id","picture_id") REFERENCES "app"."picture"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."picture" ADD CONSTRAINT "picture_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "facetoface_batch_submitted" ON "app"."facetoface_batch" USING btree ("tenant_id","order_id") WHERE "app"."facetoface_batch"."end" = 'submitted';--> statement-breakpoint
CREATE INDEX "facetoface_batch_of_order" ON "app"."facetoface_batch" USING btree ("tenant_id","order_id","opened_at");--> statement-breakpoint
CREATE INDEX "facetoface_call_of_order" ON "app"."facetoface_call" USING btree ("tenant_id","order_id","at");--> statement-breakpoint
CREATE INDEX "facetoface_order_created" ON "app"."facetoface_order" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "facetoface_order_status_created" ON "app"."facetoface_order" USING btree ("tenant_id","status","created_at","id");--> statement-breakpoint
CREATE INDEX "facetoface_order_due" ON "app"."facetoface_order" USING btree ("tenant_id","next_query_at") WHERE "app"."facetoface_order"."next_query_at" is not null;--> statement-breakpoint
CREATE INDEX "facetoface_order_merchant_prefix" ON "app"."facetoface_order" USING btree ("tenant_id","merchant_name" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "facetoface_order_shop_prefix" ON "app"."facetoface_order" USING btree ("tenant_id","shop_name" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "facetoface_order_order_no" ON "app"."facetoface_order" USING btree ("tenant_id","order_no");--> statement-breakpoint
CREATE INDEX "facetoface_order_followed" ON "app"."facetoface_order" USING btree ("tenant_id","reapply_of") WHERE "app"."facetoface_order"."reapply_of" is not null;--> statement-breakpoint
CREATE INDEX "facetoface_picture_of" ON "app"."facetoface_picture" USING btree ("tenant_id","picture_id");--> statement-breakpoint
CREATE INDEX "picture_created" ON "app"."picture" USING btree ("tenant_id","created_at");