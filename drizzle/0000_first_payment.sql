CREATE TABLE "app"."channel" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"provider" text NOT NULL,
	"name" text NOT NULL,
	"environment" text NOT NULL,
	"status" text NOT NULL,
	"is_default" boolean DEFAULT false NOT NULL,
	"remark" text,
	"return_url" text,
	"app_id" text NOT NULL,
	"seller_id" text NOT NULL,
	"base_url" text NOT NULL,
	"key_mode" text NOT NULL,
	"is_isv" boolean DEFAULT false NOT NULL,
	"merchant_serial" text,
	"version" integer DEFAULT 1 NOT NULL,
	"last_success_at" timestamp (3) with time zone,
	"last_callback_at" timestamp (3) with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "channel_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "channel_provider" CHECK ("app"."channel"."provider" in ('alipay', 'wechat')),
	CONSTRAINT "channel_environment" CHECK ("app"."channel"."environment" in ('live', 'sandbox', 'simulator')),
	CONSTRAINT "channel_status" CHECK ("app"."channel"."status" in ('enabled', 'disabled')),
	CONSTRAINT "channel_key_mode" CHECK ("app"."channel"."key_mode" in ('public_key', 'certificate', 'wechat'))
);
--> statement-breakpoint
CREATE TABLE "app"."channel_key" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"channel_id" text NOT NULL,
	"kind" text NOT NULL,
	"key_id" text,
	"sealed" "bytea",
	"public_text" text,
	"fingerprint" text NOT NULL,
	"last4" text,
	"not_before" timestamp (3) with time zone,
	"not_after" timestamp (3) with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"retired_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "channel_key_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "channel_key_kind" CHECK ("app"."channel_key"."kind" in ('private_key', 'aes_key', 'api_v3_key', 'alipay_public_key', 'app_cert', 'alipay_cert', 'alipay_root_cert', 'merchant_cert', 'verification_key')),
	CONSTRAINT "channel_key_content" CHECK (("app"."channel_key"."sealed" is null) <> ("app"."channel_key"."public_text" is null))
);
--> statement-breakpoint
CREATE TABLE "app"."channel_token" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"channel_id" text NOT NULL,
	"subject_kind" text NOT NULL,
	"subject" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"fingerprint" text NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "channel_token_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "channel_token_subject_kind" CHECK ("app"."channel_token"."subject_kind" in ('enterprise', 'merchant'))
);
--> statement-breakpoint
CREATE TABLE "app"."event" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "app"."event_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"txid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"type" text NOT NULL,
	"subject" text NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"details" jsonb NOT NULL,
	"ip" text,
	"request_id" text,
	CONSTRAINT "event_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."event_seal" (
	"tenant_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"event_id" text NOT NULL,
	"txid" "xid8" NOT NULL,
	"no" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "event_seal_tenant_id_seq_pk" PRIMARY KEY("tenant_id","seq"),
	CONSTRAINT "event_seal_event" UNIQUE("tenant_id","event_id")
);
--> statement-breakpoint
CREATE TABLE "app"."outbox" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"job" text NOT NULL,
	"subject" text NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"last_error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "outbox_once" UNIQUE("tenant_id","job","subject")
);
--> statement-breakpoint
CREATE TABLE "app"."case_note" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"case_id" text NOT NULL,
	"author_id" text NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "case_note_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."exception_case" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"expected_fen" bigint,
	"channel_id" text NOT NULL,
	"payment_id" text,
	"transaction_id" text,
	"notification_id" text,
	"out_trade_no" text,
	"provider_trade_no" text,
	"facts" jsonb NOT NULL,
	"owner_id" text,
	"reason" text,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"closed_by" text,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "exception_case_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "exception_case_kind" CHECK ("app"."exception_case"."kind" in ('paid_twice', 'paid_after_close', 'wrong_amount', 'wrong_recipient', 'unknown_order', 'refund_unknown')),
	CONSTRAINT "exception_case_status" CHECK ("app"."exception_case"."status" in ('open', 'refunded', 'attached', 'dismissed')),
	CONSTRAINT "exception_case_closed" CHECK (("app"."exception_case"."status" = 'open') = ("app"."exception_case"."closed_at" is null))
);
--> statement-breakpoint
CREATE TABLE "app"."notification" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"channel_id" text NOT NULL,
	"provider" text NOT NULL,
	"kind" text NOT NULL,
	"message_id" text NOT NULL,
	"state" text NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"source_ip" text NOT NULL,
	"headers" jsonb NOT NULL,
	"body_sealed" "bytea" NOT NULL,
	"body_bytes" integer NOT NULL,
	"signed_text_sealed" "bytea",
	"key_id" text,
	"failed_step" text,
	"cause" text,
	"steps" jsonb NOT NULL,
	"out_trade_no" text,
	"provider_trade_no" text,
	"provider_state" text,
	"amount_fen" bigint,
	"transaction_id" text,
	"copies" integer DEFAULT 1 NOT NULL,
	"last_copy_at" timestamp (3) with time zone,
	"applied_at" timestamp (3) with time zone,
	"apply_attempts" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "notification_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "notification_provider" CHECK ("app"."notification"."provider" in ('alipay', 'wechat')),
	CONSTRAINT "notification_state" CHECK ("app"."notification"."state" in ('refused', 'waiting', 'applied', 'misfit', 'ignored')),
	CONSTRAINT "notification_kind" CHECK ("app"."notification"."kind" in ('trade', 'refund', 'other', 'unread'))
);
--> statement-breakpoint
CREATE TABLE "app"."entry" (
	"tenant_id" text NOT NULL,
	"booking_id" text NOT NULL,
	"account" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"payment_id" text NOT NULL,
	"transaction_id" text NOT NULL,
	"booked_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "entry_tenant_id_booking_id_account_pk" PRIMARY KEY("tenant_id","booking_id","account"),
	CONSTRAINT "entry_account" CHECK ("app"."entry"."account" in ('clearing', 'orders', 'at_risk')),
	CONSTRAINT "entry_amount" CHECK ("app"."entry"."amount_fen" <> 0)
);
--> statement-breakpoint
CREATE TABLE "app"."idempotency_key" (
	"tenant_id" text NOT NULL,
	"caller" text NOT NULL,
	"operation" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"subject" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_key_tenant_id_caller_operation_key_pk" PRIMARY KEY("tenant_id","caller","operation","key")
);
--> statement-breakpoint
CREATE TABLE "app"."payment" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"order_no" text NOT NULL,
	"subject" text NOT NULL,
	"body" text,
	"amount_fen" bigint NOT NULL,
	"refunded_fen" bigint DEFAULT 0 NOT NULL,
	"status" text NOT NULL,
	"close_reason" text,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"paid_transaction_id" text,
	"paid_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"cancel_requested_at" timestamp (3) with time zone,
	"channel_id" text,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "payment_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "payment_order_no" UNIQUE("tenant_id","order_no"),
	CONSTRAINT "payment_status" CHECK ("app"."payment"."status" in ('pending', 'paid', 'refunding', 'partially_refunded', 'refunded', 'closed')),
	CONSTRAINT "payment_close_reason" CHECK ("app"."payment"."close_reason" is null or "app"."payment"."close_reason" in ('expired', 'cancelled')),
	CONSTRAINT "payment_amount" CHECK ("app"."payment"."amount_fen" between 1 and 10000000000),
	CONSTRAINT "payment_refunded" CHECK ("app"."payment"."refunded_fen" between 0 and "app"."payment"."amount_fen"),
	CONSTRAINT "payment_paid" CHECK (("app"."payment"."status" in ('pending', 'closed')) = ("app"."payment"."paid_transaction_id" is null))
);
--> statement-breakpoint
CREATE TABLE "app"."payment_hour" (
	"tenant_id" text NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"method" text NOT NULL,
	"created_count" integer NOT NULL,
	"created_fen" bigint NOT NULL,
	"closed_count" integer DEFAULT 0 NOT NULL,
	"paid_count" integer NOT NULL,
	"paid_fen" bigint NOT NULL,
	CONSTRAINT "payment_hour_tenant_id_hour_method_pk" PRIMARY KEY("tenant_id","hour","method")
);
--> statement-breakpoint
CREATE TABLE "app"."transaction" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"payment_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"provider" text NOT NULL,
	"method" text NOT NULL,
	"out_trade_no" text NOT NULL,
	"app_id" text NOT NULL,
	"seller_id" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"status" text NOT NULL,
	"provider_state" text,
	"provider_trade_no" text,
	"received_fen" bigint,
	"receipt_fen" bigint,
	"buyer_id_sealed" "bytea",
	"buyer_account" text,
	"failure_code" text,
	"launch" jsonb,
	"query_count" integer DEFAULT 0 NOT NULL,
	"last_query_at" timestamp (3) with time zone,
	"next_query_at" timestamp (3) with time zone,
	"paid_at" timestamp (3) with time zone,
	"notified_at" timestamp (3) with time zone,
	"notification_id" text,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "transaction_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "transaction_out_trade_no" UNIQUE("tenant_id","out_trade_no"),
	CONSTRAINT "transaction_status" CHECK ("app"."transaction"."status" in ('created', 'awaiting', 'succeeded', 'closed', 'failed', 'unknown')),
	CONSTRAINT "transaction_provider" CHECK ("app"."transaction"."provider" in ('alipay', 'wechat')),
	CONSTRAINT "transaction_method" CHECK ("app"."transaction"."method" in ('alipay_pc', 'alipay_wap', 'alipay_qr', 'wechat_native', 'wechat_jsapi', 'wechat_h5')),
	CONSTRAINT "transaction_amount" CHECK ("app"."transaction"."amount_fen" between 1 and 10000000000),
	CONSTRAINT "transaction_received" CHECK (("app"."transaction"."status" = 'succeeded') = ("app"."transaction"."received_fen" is not null))
);
--> statement-breakpoint
CREATE TABLE "app"."auth_throttle" (
	"key_hash" "bytea" PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"blocked_until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "app"."channel_address" (
	"channel_id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"app_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "app"."invitation" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"invited_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"accepted_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "invitation_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "invitation_role" CHECK ("app"."invitation"."role" in ('owner', 'admin', 'finance', 'viewer'))
);
--> statement-breakpoint
CREATE TABLE "app"."link_address" (
	"token_hash" "bytea" PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"tenant_id" text NOT NULL,
	"subject" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "link_address_subject" UNIQUE("tenant_id","kind","subject"),
	CONSTRAINT "link_address_kind" CHECK ("app"."link_address"."kind" in ('checkout', 'invitation'))
);
--> statement-breakpoint
CREATE TABLE "app"."member_address" (
	"user_id" text NOT NULL,
	"tenant_id" text NOT NULL,
	CONSTRAINT "member_address_user_id_tenant_id_pk" PRIMARY KEY("user_id","tenant_id")
);
--> statement-breakpoint
CREATE TABLE "app"."membership" (
	"tenant_id" text NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"disabled_at" timestamp (3) with time zone,
	"invited_by" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "membership_tenant_id_user_id_pk" PRIMARY KEY("tenant_id","user_id"),
	CONSTRAINT "membership_role" CHECK ("app"."membership"."role" in ('owner', 'admin', 'finance', 'viewer'))
);
--> statement-breakpoint
CREATE TABLE "app"."operator_grant" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"user_id" text NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "operator_grant_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."session" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"user_version" integer NOT NULL,
	"active_tenant_id" text,
	"grant_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"authenticated_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"ip" text NOT NULL,
	"user_agent" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "app"."tenant" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"slug" text NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"payment_max_fen" bigint NOT NULL,
	"confirm_above_fen" bigint NOT NULL,
	"halted_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tenant_slug_unique" UNIQUE("slug"),
	CONSTRAINT "tenant_status" CHECK ("app"."tenant"."status" in ('active', 'suspended')),
	CONSTRAINT "tenant_slug" CHECK ("app"."tenant"."slug" ~ '^[a-z0-9][a-z0-9-]{1,38}$')
);
--> statement-breakpoint
CREATE TABLE "app"."tenant_key" (
	"tenant_id" text NOT NULL,
	"version" integer NOT NULL,
	"master_version" integer NOT NULL,
	"wrapped" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"retired_at" timestamp (3) with time zone,
	CONSTRAINT "tenant_key_tenant_id_version_pk" PRIMARY KEY("tenant_id","version")
);
--> statement-breakpoint
CREATE TABLE "app"."user" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text NOT NULL,
	"is_operator" text DEFAULT 'no' NOT NULL,
	"locale" text DEFAULT 'zh' NOT NULL,
	"session_version" integer DEFAULT 1 NOT NULL,
	"disabled_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "user_email_unique" UNIQUE("email"),
	CONSTRAINT "user_is_operator" CHECK ("app"."user"."is_operator" in ('yes', 'no')),
	CONSTRAINT "user_email" CHECK ("app"."user"."email" = lower("app"."user"."email"))
);
--> statement-breakpoint
ALTER TABLE "app"."channel" ADD CONSTRAINT "channel_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."channel_key" ADD CONSTRAINT "channel_key_channel" FOREIGN KEY ("tenant_id","channel_id") REFERENCES "app"."channel"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."channel_token" ADD CONSTRAINT "channel_token_channel" FOREIGN KEY ("tenant_id","channel_id") REFERENCES "app"."channel"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."event" ADD CONSTRAINT "event_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."case_note" ADD CONSTRAINT "case_note_case" FOREIGN KEY ("tenant_id","case_id") REFERENCES "app"."exception_case"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."exception_case" ADD CONSTRAINT "exception_case_channel" FOREIGN KEY ("tenant_id","channel_id") REFERENCES "app"."channel"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."exception_case" ADD CONSTRAINT "exception_case_payment" FOREIGN KEY ("tenant_id","payment_id") REFERENCES "app"."payment"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."exception_case" ADD CONSTRAINT "exception_case_transaction" FOREIGN KEY ("tenant_id","transaction_id") REFERENCES "app"."transaction"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."exception_case" ADD CONSTRAINT "exception_case_notification" FOREIGN KEY ("tenant_id","notification_id") REFERENCES "app"."notification"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."notification" ADD CONSTRAINT "notification_channel" FOREIGN KEY ("tenant_id","channel_id") REFERENCES "app"."channel"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."entry" ADD CONSTRAINT "entry_transaction" FOREIGN KEY ("tenant_id","transaction_id") REFERENCES "app"."transaction"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."idempotency_key" ADD CONSTRAINT "idempotency_key_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."payment" ADD CONSTRAINT "payment_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."payment" ADD CONSTRAINT "payment_channel" FOREIGN KEY ("tenant_id","channel_id") REFERENCES "app"."channel"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."payment_hour" ADD CONSTRAINT "payment_hour_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."transaction" ADD CONSTRAINT "transaction_payment" FOREIGN KEY ("tenant_id","payment_id") REFERENCES "app"."payment"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."transaction" ADD CONSTRAINT "transaction_channel" FOREIGN KEY ("tenant_id","channel_id") REFERENCES "app"."channel"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."invitation" ADD CONSTRAINT "invitation_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."membership" ADD CONSTRAINT "membership_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."membership" ADD CONSTRAINT "membership_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "app"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."operator_grant" ADD CONSTRAINT "operator_grant_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."session" ADD CONSTRAINT "session_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "app"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."session" ADD CONSTRAINT "session_active_tenant_id_tenant_id_fk" FOREIGN KEY ("active_tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."tenant_key" ADD CONSTRAINT "tenant_key_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "channel_default" ON "app"."channel" USING btree ("tenant_id","provider","environment") WHERE "app"."channel"."is_default" and "app"."channel"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "channel_key_channel" ON "app"."channel_key" USING btree ("tenant_id","channel_id");--> statement-breakpoint
CREATE UNIQUE INDEX "channel_token_live" ON "app"."channel_token" USING btree ("tenant_id","channel_id","subject_kind","subject") WHERE "app"."channel_token"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "event_at" ON "app"."event" USING btree ("tenant_id","at","id");--> statement-breakpoint
CREATE INDEX "event_subject" ON "app"."event" USING btree ("tenant_id","subject","at","id");--> statement-breakpoint
CREATE INDEX "event_type_at" ON "app"."event" USING btree ("tenant_id","type","at","id");--> statement-breakpoint
CREATE INDEX "event_order" ON "app"."event" USING btree ("tenant_id","txid","no");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "app"."outbox" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "case_note_case" ON "app"."case_note" USING btree ("tenant_id","case_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "exception_case_dedupe" ON "app"."exception_case" USING btree ("tenant_id","kind","dedupe_key");--> statement-breakpoint
CREATE INDEX "exception_case_open" ON "app"."exception_case" USING btree ("tenant_id","status","opened_at","id");--> statement-breakpoint
CREATE INDEX "exception_case_payment" ON "app"."exception_case" USING btree ("tenant_id","payment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "notification_message" ON "app"."notification" USING btree ("tenant_id","channel_id","message_id");--> statement-breakpoint
CREATE INDEX "notification_received" ON "app"."notification" USING btree ("tenant_id","received_at","id");--> statement-breakpoint
CREATE INDEX "notification_state_received" ON "app"."notification" USING btree ("tenant_id","state","received_at","id");--> statement-breakpoint
CREATE INDEX "notification_out_trade_no" ON "app"."notification" USING btree ("tenant_id","out_trade_no");--> statement-breakpoint
CREATE INDEX "notification_refused" ON "app"."notification" USING btree ("tenant_id","channel_id","received_at") WHERE "app"."notification"."state" = 'refused';--> statement-breakpoint
CREATE INDEX "entry_payment" ON "app"."entry" USING btree ("tenant_id","payment_id");--> statement-breakpoint
CREATE INDEX "entry_booked" ON "app"."entry" USING btree ("tenant_id","booked_at");--> statement-breakpoint
CREATE INDEX "idempotency_key_created" ON "app"."idempotency_key" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE INDEX "payment_created" ON "app"."payment" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "payment_status_created" ON "app"."payment" USING btree ("tenant_id","status","created_at","id");--> statement-breakpoint
CREATE INDEX "payment_closed" ON "app"."payment" USING btree ("tenant_id","closed_at") WHERE "app"."payment"."status" = 'closed';--> statement-breakpoint
CREATE INDEX "payment_order_no_prefix" ON "app"."payment" USING btree ("tenant_id","order_no" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "payment_subject_prefix" ON "app"."payment" USING btree ("tenant_id","subject" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "payment_amount_created" ON "app"."payment" USING btree ("tenant_id","amount_fen","id");--> statement-breakpoint
CREATE UNIQUE INDEX "transaction_provider_trade_no" ON "app"."transaction" USING btree ("tenant_id","channel_id","provider_trade_no") WHERE "app"."transaction"."provider_trade_no" is not null;--> statement-breakpoint
CREATE INDEX "transaction_created" ON "app"."transaction" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE INDEX "transaction_payment" ON "app"."transaction" USING btree ("tenant_id","payment_id","created_at");--> statement-breakpoint
CREATE INDEX "transaction_open" ON "app"."transaction" USING btree ("tenant_id","status","created_at") WHERE "app"."transaction"."status" in ('created', 'awaiting', 'unknown');--> statement-breakpoint
CREATE INDEX "auth_throttle_started" ON "app"."auth_throttle" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "channel_address_app" ON "app"."channel_address" USING btree ("app_id");--> statement-breakpoint
CREATE INDEX "membership_user" ON "app"."membership" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "session_user" ON "app"."session" USING btree ("user_id");