CREATE TABLE "app"."difference" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"day_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"status" text NOT NULL,
	"out_trade_no" text NOT NULL,
	"trade_no" text,
	"refund_no" text,
	"transaction_id" text,
	"payment_id" text,
	"our_fen" bigint,
	"their_fen" bigint,
	"our_fee" bigint,
	"their_fee" bigint,
	"facts" jsonb NOT NULL,
	"found_on" text,
	"owner_id" text NOT NULL,
	"reason" text,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"closed_by" text,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "difference_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "difference_kind" CHECK ("app"."difference"."kind" in ('missing_here', 'missing_there', 'amount', 'status', 'fee', 'duplicate', 'late')),
	CONSTRAINT "difference_status" CHECK ("app"."difference"."status" in ('open', 'resolved', 'cleared')),
	CONSTRAINT "difference_closed" CHECK (("app"."difference"."status" = 'open') = ("app"."difference"."closed_at" is null) and ("app"."difference"."status" = 'open') = ("app"."difference"."reason" is null)),
	CONSTRAINT "difference_side" CHECK ("app"."difference"."our_fen" is not null or "app"."difference"."their_fen" is not null)
);
--> statement-breakpoint
CREATE TABLE "app"."reconciliation_day" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"channel_id" text NOT NULL,
	"day" text NOT NULL,
	"status" text NOT NULL,
	"statement_id" text,
	"failure_code" text,
	"begun_at" timestamp (3) with time zone NOT NULL,
	"asks" integer DEFAULT 0 NOT NULL,
	"asked_at" timestamp (3) with time zone,
	"compared_at" timestamp (3) with time zone,
	"looks" integer DEFAULT 0 NOT NULL,
	"our_payments" integer,
	"our_paid_fen" bigint,
	"their_payments" integer,
	"their_paid_fen" bigint,
	"their_refunds" integer,
	"their_refunded_fen" bigint,
	"their_fee" bigint,
	"other_day_payments" integer,
	"other_day_fen" bigint,
	"unlisted" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "reconciliation_day_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "reconciliation_day_status" CHECK ("app"."reconciliation_day"."status" in ('waiting', 'failed', 'differs', 'balanced', 'locked')),
	CONSTRAINT "reconciliation_day_day" CHECK ("app"."reconciliation_day"."day" ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
	CONSTRAINT "reconciliation_day_compared" CHECK ("app"."reconciliation_day"."status" in ('waiting', 'failed') or ("app"."reconciliation_day"."compared_at" is not null and "app"."reconciliation_day"."their_paid_fen" is not null and "app"."reconciliation_day"."our_paid_fen" is not null)),
	CONSTRAINT "reconciliation_day_listed" CHECK ("app"."reconciliation_day"."unlisted" = 0 or "app"."reconciliation_day"."status" not in ('balanced', 'locked'))
);
--> statement-breakpoint
CREATE TABLE "app"."statement" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"day_id" text NOT NULL,
	"format" text NOT NULL,
	"bytes" integer NOT NULL,
	"sha256" text NOT NULL,
	"fetched_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "statement_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "statement_format" CHECK ("app"."statement"."format" in ('zip', 'gzip', 'plain', 'none'))
);
--> statement-breakpoint
CREATE TABLE "app"."statement_line" (
	"tenant_id" text NOT NULL,
	"day_id" text NOT NULL,
	"no" integer NOT NULL,
	"kind" text NOT NULL,
	"out_trade_no" text NOT NULL,
	"trade_no" text NOT NULL,
	"refund_no" text,
	"amount_fen" bigint NOT NULL,
	"fee" bigint NOT NULL,
	"fee_by_rate" bigint,
	"state" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "statement_line_tenant_id_day_id_no_pk" PRIMARY KEY("tenant_id","day_id","no"),
	CONSTRAINT "statement_line_kind" CHECK ("app"."statement_line"."kind" in ('payment', 'refund', 'revoked'))
);
--> statement-breakpoint
CREATE TABLE "app"."statement_piece" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"statement_id" text NOT NULL,
	"no" integer NOT NULL,
	"content_sealed" "bytea" NOT NULL,
	CONSTRAINT "statement_piece_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "app"."difference" ADD CONSTRAINT "difference_day" FOREIGN KEY ("tenant_id","day_id") REFERENCES "app"."reconciliation_day"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."difference" ADD CONSTRAINT "difference_channel" FOREIGN KEY ("tenant_id","channel_id") REFERENCES "app"."channel"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."difference" ADD CONSTRAINT "difference_payment" FOREIGN KEY ("tenant_id","payment_id") REFERENCES "app"."payment"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."difference" ADD CONSTRAINT "difference_transaction" FOREIGN KEY ("tenant_id","transaction_id") REFERENCES "app"."transaction"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."reconciliation_day" ADD CONSTRAINT "reconciliation_day_channel" FOREIGN KEY ("tenant_id","channel_id") REFERENCES "app"."channel"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."statement" ADD CONSTRAINT "statement_day" FOREIGN KEY ("tenant_id","day_id") REFERENCES "app"."reconciliation_day"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."statement_line" ADD CONSTRAINT "statement_line_day" FOREIGN KEY ("tenant_id","day_id") REFERENCES "app"."reconciliation_day"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."statement_piece" ADD CONSTRAINT "statement_piece_statement" FOREIGN KEY ("tenant_id","statement_id") REFERENCES "app"."statement"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "difference_key" ON "app"."difference" USING btree ("tenant_id","day_id","kind","key");--> statement-breakpoint
CREATE INDEX "difference_opened" ON "app"."difference" USING btree ("tenant_id","opened_at","id");--> statement-breakpoint
CREATE INDEX "difference_open" ON "app"."difference" USING btree ("tenant_id","opened_at","id") WHERE "app"."difference"."status" = 'open';--> statement-breakpoint
CREATE INDEX "difference_of_transaction" ON "app"."difference" USING btree ("tenant_id","transaction_id");--> statement-breakpoint
CREATE INDEX "difference_out_trade_no" ON "app"."difference" USING btree ("tenant_id","out_trade_no");--> statement-breakpoint
CREATE UNIQUE INDEX "reconciliation_day_of_channel" ON "app"."reconciliation_day" USING btree ("tenant_id","channel_id","day");--> statement-breakpoint
CREATE INDEX "reconciliation_day_by_day" ON "app"."reconciliation_day" USING btree ("tenant_id","day");--> statement-breakpoint
CREATE INDEX "statement_by_day" ON "app"."statement" USING btree ("tenant_id","day_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "statement_piece_no" ON "app"."statement_piece" USING btree ("tenant_id","statement_id","no");--> statement-breakpoint
-- Lines live for one transaction and are made again from the kept file: nothing is lost that a crash takes from them.
ALTER TABLE "app"."statement_line" SET UNLOGGED;
