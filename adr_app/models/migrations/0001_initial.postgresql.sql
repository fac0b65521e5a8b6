CREATE TABLE "installation" ("id" SERIAL NOT NULL PRIMARY KEY, "created_at" BIGINT NOT NULL, "demonstration" BOOLEAN NOT NULL, "setup_code_hash" TEXT, CHECK (id = 1));

CREATE TABLE "person" ("id" SERIAL NOT NULL PRIMARY KEY, "email" TEXT NOT NULL, "name" TEXT NOT NULL, "password_hash" TEXT, "created_at" BIGINT NOT NULL, "disabled_at" BIGINT);

CREATE UNIQUE INDEX "person_email" ON "person" ("email");

CREATE TABLE "session" ("id" SERIAL NOT NULL PRIMARY KEY, "token_hash" TEXT NOT NULL, "person_id" INTEGER NOT NULL, "created_at" BIGINT NOT NULL, "seen_at" BIGINT NOT NULL, "expires_at" BIGINT NOT NULL, "revoked_at" BIGINT, "device" TEXT NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id"));

CREATE UNIQUE INDEX "session_token_hash" ON "session" ("token_hash");

CREATE INDEX "session_person_id" ON "session" ("person_id");

CREATE TABLE "attempt" ("key" TEXT NOT NULL PRIMARY KEY, "count" INTEGER NOT NULL, "window_at" BIGINT NOT NULL);

CREATE TABLE "company" ("id" SERIAL NOT NULL PRIMARY KEY, "slug" TEXT NOT NULL, "name" TEXT NOT NULL, "zone" TEXT NOT NULL, "currency" TEXT NOT NULL, "day_rate" BIGINT, "capacity_days" INTEGER, "debt_limit_days" INTEGER, "go_live_on" TEXT NOT NULL, "policy" TEXT NOT NULL, "created_at" BIGINT NOT NULL, "next_decision" INTEGER NOT NULL, "next_debt" INTEGER NOT NULL, "last_seq" INTEGER NOT NULL, "last_event_at" BIGINT NOT NULL, "tree" TEXT NOT NULL, "stale_since" BIGINT, CHECK (next_decision >= 1), CHECK (last_seq >= 0));

CREATE UNIQUE INDEX "company_slug" ON "company" ("slug");

CREATE TABLE "invitation" ("id" SERIAL NOT NULL PRIMARY KEY, "token_hash" TEXT NOT NULL, "kind" TEXT NOT NULL, "person_id" INTEGER NOT NULL, "company_id" INTEGER, "created_by_id" INTEGER, "created_at" BIGINT NOT NULL, "expires_at" BIGINT NOT NULL, "used_at" BIGINT, FOREIGN KEY ("person_id") REFERENCES "person" ("id"), FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("created_by_id") REFERENCES "person" ("id"), CHECK ("kind" IN ('invitation', 'password')));

CREATE UNIQUE INDEX "invitation_token_hash" ON "invitation" ("token_hash");

CREATE INDEX "invitation_person_id" ON "invitation" ("person_id");

CREATE INDEX "invitation_company_id" ON "invitation" ("company_id");

CREATE INDEX "invitation_created_by_id" ON "invitation" ("created_by_id");

CREATE TABLE "engagement" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "person_id" INTEGER NOT NULL, "role" TEXT NOT NULL, "starts_at" BIGINT NOT NULL, "ends_at" BIGINT, "appointed_by_id" INTEGER, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("person_id") REFERENCES "person" ("id"), FOREIGN KEY ("appointed_by_id") REFERENCES "person" ("id"), UNIQUE (company_id, id), CHECK ("role" IN ('cto', 'vciso', 'leader', 'member', 'reader', 'admin', 'delegate')), CHECK (ends_at IS NULL OR ends_at >= starts_at));

CREATE INDEX "engagement_company_id" ON "engagement" ("company_id");

CREATE INDEX "engagement_person_id" ON "engagement" ("person_id");

CREATE INDEX "engagement_appointed_by_id" ON "engagement" ("appointed_by_id");

CREATE INDEX "engagement_company_id_role_person_id" ON "engagement" ("company_id", "role", "person_id");

CREATE INDEX "engagement_person_id_company_id" ON "engagement" ("person_id", "company_id");

CREATE TABLE "system" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "name" TEXT NOT NULL, "folded" TEXT NOT NULL, "inside_boundary" BOOLEAN NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), UNIQUE (company_id, id));

CREATE INDEX "system_company_id" ON "system" ("company_id");

CREATE UNIQUE INDEX "system_company_id_folded" ON "system" ("company_id", "folded");

CREATE TABLE "decision" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "number" INTEGER NOT NULL, "title" TEXT NOT NULL, "kind" TEXT NOT NULL, "status" TEXT NOT NULL, "level" INTEGER, "raised_level" INTEGER, "author_id" INTEGER NOT NULL, "accepted_by_id" INTEGER, "created_at" BIGINT NOT NULL, "changed_at" BIGINT NOT NULL, "proposed_at" BIGINT, "accepted_at" BIGINT, "decided_on" TEXT, "decided_key" TEXT NOT NULL, "decide_by" TEXT, "decide_by_key" TEXT NOT NULL, "latest" INTEGER NOT NULL, "in_force" INTEGER, "implementation" TEXT NOT NULL, "plain_words" TEXT NOT NULL, "accountable" TEXT NOT NULL, "imported" BOOLEAN NOT NULL, "restricted" BOOLEAN NOT NULL, "stale_since" BIGINT, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("author_id") REFERENCES "person" ("id"), FOREIGN KEY ("accepted_by_id") REFERENCES "person" ("id"), UNIQUE (company_id, id), UNIQUE (company_id, number), CHECK ("status" IN ('draft', 'proposed', 'accepted', 'rejected', 'withdrawn', 'superseded', 'deprecated', 'unstated')), CHECK ("kind" IN ('product-platform', 'infrastructure', 'scaling', 'new-product', 'platform-migration', 'vendor', 'build-or-buy', 'investment', 'team', 'security', 'incident', 'other')), CHECK ("implementation" IN ('not-started', 'in-progress', 'implemented', 'abandoned')), CHECK (level IS NULL OR level BETWEEN 0 AND 3));

CREATE INDEX "decision_company_id_changed_at_id" ON "decision" ("company_id", "changed_at", "id");

CREATE INDEX "decision_company_id_decided_key_id" ON "decision" ("company_id", "decided_key", "id");

CREATE INDEX "decision_company_id_decide_by_key_id" ON "decision" ("company_id", "decide_by_key", "id");

CREATE INDEX "decision_company_id_status_changed_at_id" ON "decision" ("company_id", "status", "changed_at", "id");

CREATE INDEX "decision_company_id_status_id" ON "decision" ("company_id", "status", "id");

CREATE INDEX "decision_company_id_kind_changed_at_id" ON "decision" ("company_id", "kind", "changed_at", "id");

CREATE INDEX "decision_company_id_status_decide_by_key_id" ON "decision" ("company_id", "status", "decide_by_key", "id");

CREATE INDEX "decision_author_id_status" ON "decision" ("author_id", "status");

CREATE INDEX "decision_restricted" ON "decision" ("company_id") WHERE "restricted";

CREATE TABLE "revision" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "decision_id" INTEGER NOT NULL, "number" INTEGER NOT NULL, "form" TEXT NOT NULL, "title" TEXT NOT NULL, "fields" TEXT NOT NULL, "answers" TEXT NOT NULL, "level" INTEGER, "canonical" BYTEA NOT NULL, "digest" TEXT NOT NULL, "digest_version" INTEGER NOT NULL, "html" TEXT NOT NULL, "words" INTEGER NOT NULL, "created_at" BIGINT NOT NULL, "created_by_id" INTEGER NOT NULL, "note" TEXT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("created_by_id") REFERENCES "person" ("id"), UNIQUE (company_id, id), FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"), UNIQUE (company_id, decision_id, number), CHECK ("form" IN ('fields', 'text')));

CREATE TABLE "working_copy" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "person_id" INTEGER NOT NULL, "decision_id" INTEGER NOT NULL, "base" INTEGER NOT NULL, "fields" TEXT NOT NULL, "saved_at" BIGINT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE (company_id, id));

CREATE UNIQUE INDEX "working_copy_company_id_person_id_decision_id" ON "working_copy" ("company_id", "person_id", "decision_id");

CREATE INDEX "working_copy_person_id_saved_at" ON "working_copy" ("person_id", "saved_at");

CREATE TABLE "link" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "from_id" INTEGER, "from_text" TEXT NOT NULL, "to_id" INTEGER, "to_text" TEXT NOT NULL, "kind" TEXT NOT NULL, "part" BOOLEAN NOT NULL, "note" TEXT NOT NULL, "effective" BOOLEAN NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), UNIQUE (company_id, id), FOREIGN KEY ("company_id", "from_id") REFERENCES "decision" ("company_id", "id"), FOREIGN KEY ("company_id", "to_id") REFERENCES "decision" ("company_id", "id"), CHECK ("kind" IN ('supersedes', 'amends', 'relates', 'depends')), CHECK (to_id IS NULL OR from_id IS NULL OR to_id <> from_id), CHECK (to_id IS NOT NULL OR from_id IS NOT NULL));

CREATE INDEX "link_company_id_from_id" ON "link" ("company_id", "from_id");

CREATE INDEX "link_company_id_to_id" ON "link" ("company_id", "to_id");

CREATE TABLE "decision_system" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "decision_id" INTEGER NOT NULL, "system_id" INTEGER NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"), FOREIGN KEY ("company_id", "system_id") REFERENCES "system" ("company_id", "id"));

CREATE UNIQUE INDEX "decision_system_company_id_decision_id_system_id" ON "decision_system" ("company_id", "decision_id", "system_id");

CREATE INDEX "decision_system_company_id_system_id_decision_id" ON "decision_system" ("company_id", "system_id", "decision_id");

CREATE TABLE "decision_tag" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "decision_id" INTEGER NOT NULL, "tag" TEXT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"));

CREATE UNIQUE INDEX "decision_tag_company_id_decision_id_tag" ON "decision_tag" ("company_id", "decision_id", "tag");

CREATE INDEX "decision_tag_company_id_tag_decision_id" ON "decision_tag" ("company_id", "tag", "decision_id");

CREATE TABLE "comment" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "decision_id" INTEGER NOT NULL, "person_id" INTEGER NOT NULL, "kind" TEXT NOT NULL, "text" TEXT NOT NULL, "at" BIGINT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE (company_id, id), FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"), CHECK ("kind" IN ('comment', 'question', 'reply', 'reason')));

CREATE INDEX "comment_company_id_decision_id_id" ON "comment" ("company_id", "decision_id", "id");

CREATE INDEX "comment_company_id_kind_id" ON "comment" ("company_id", "kind", "id");

CREATE TABLE "imported_file" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "decision_id" INTEGER NOT NULL, "source" TEXT NOT NULL, "path" TEXT NOT NULL, "format" TEXT NOT NULL, "number_text" TEXT NOT NULL, "status_raw" TEXT NOT NULL, "date_source" TEXT NOT NULL, "fingerprint" TEXT NOT NULL, "revision" INTEGER NOT NULL, "extracted" TEXT NOT NULL, "reader_version" INTEGER NOT NULL, "read_at" BIGINT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), UNIQUE (company_id, id), FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"));

CREATE UNIQUE INDEX "imported_file_company_id_source_path" ON "imported_file" ("company_id", "source", "path");

CREATE INDEX "imported_file_company_id_decision_id" ON "imported_file" ("company_id", "decision_id");

CREATE TABLE "source_file" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "file_id" INTEGER NOT NULL, "size" INTEGER NOT NULL, "remarks" TEXT NOT NULL, "content" BYTEA NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), UNIQUE (company_id, id), FOREIGN KEY ("company_id", "file_id") REFERENCES "imported_file" ("company_id", "id"));

CREATE UNIQUE INDEX "source_file_company_id_file_id" ON "source_file" ("company_id", "file_id");

CREATE TABLE "import_run" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "source" TEXT NOT NULL, "signature" TEXT NOT NULL, "reader_version" INTEGER NOT NULL, "report" TEXT NOT NULL, "at" BIGINT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), UNIQUE (company_id, id));

CREATE UNIQUE INDEX "import_run_company_id_source" ON "import_run" ("company_id", "source");

CREATE TABLE "review" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "decision_id" INTEGER NOT NULL, "asked_by_id" INTEGER NOT NULL, "asked_of_id" INTEGER NOT NULL, "asked_at" BIGINT NOT NULL, "due_at" BIGINT NOT NULL, "emergency" BOOLEAN NOT NULL, "look_on" TEXT, "state" TEXT NOT NULL, "closed_at" BIGINT, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("asked_by_id") REFERENCES "person" ("id"), FOREIGN KEY ("asked_of_id") REFERENCES "person" ("id"), UNIQUE (company_id, id), FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"), CHECK ("state" IN ('waiting', 'question', 'answered', 'closed')));

CREATE INDEX "review_company_id_decision_id_id" ON "review" ("company_id", "decision_id", "id");

CREATE INDEX "review_asked_of_id_state_due_at" ON "review" ("asked_of_id", "state", "due_at");

CREATE INDEX "review_company_id_state_due_at" ON "review" ("company_id", "state", "due_at");

CREATE TABLE "verdict" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "decision_id" INTEGER NOT NULL, "review_id" INTEGER, "revision_id" INTEGER NOT NULL, "number" INTEGER NOT NULL, "code" TEXT NOT NULL, "person_id" INTEGER NOT NULL, "person_name" TEXT NOT NULL, "role_name" TEXT NOT NULL, "engagement_id" INTEGER, "text" TEXT NOT NULL, "digest" TEXT NOT NULL, "level" INTEGER, "valid_until" BIGINT, "confirmed_by" TEXT NOT NULL, "at" BIGINT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE (company_id, id), FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"), FOREIGN KEY ("company_id", "review_id") REFERENCES "review" ("company_id", "id"), FOREIGN KEY ("company_id", "revision_id") REFERENCES "revision" ("company_id", "id"), FOREIGN KEY ("company_id", "engagement_id") REFERENCES "engagement" ("company_id", "id"));

CREATE INDEX "verdict_company_id_decision_id_id" ON "verdict" ("company_id", "decision_id", "id");

CREATE INDEX "verdict_person_id_at" ON "verdict" ("person_id", "at");

CREATE TABLE "verdict_taken_back" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "verdict_id" INTEGER NOT NULL, "at" BIGINT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), UNIQUE (company_id, id), FOREIGN KEY ("company_id", "verdict_id") REFERENCES "verdict" ("company_id", "id"));

CREATE UNIQUE INDEX "verdict_taken_back_company_id_verdict_id" ON "verdict_taken_back" ("company_id", "verdict_id");

CREATE TABLE "condition" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "decision_id" INTEGER NOT NULL, "verdict_id" INTEGER NOT NULL, "text" TEXT NOT NULL, "risk" TEXT NOT NULL, "before_go_live" BOOLEAN NOT NULL, "due_on" TEXT, "owner_name" TEXT NOT NULL, "done_at" BIGINT, "done_by_id" INTEGER, "evidence" TEXT NOT NULL, "verified_at" BIGINT, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("done_by_id") REFERENCES "person" ("id"), UNIQUE (company_id, id), FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"), FOREIGN KEY ("company_id", "verdict_id") REFERENCES "verdict" ("company_id", "id"));

CREATE INDEX "condition_company_id_decision_id_id" ON "condition" ("company_id", "decision_id", "id");

CREATE INDEX "condition_company_id_done_at_due_on" ON "condition" ("company_id", "done_at", "due_on");

CREATE TABLE "claim" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "decision_id" INTEGER NOT NULL, "of_id" INTEGER NOT NULL, "on" TEXT NOT NULL, "claimed_by_id" INTEGER NOT NULL, "claimed_at" BIGINT NOT NULL, "yes" BOOLEAN, "answered_at" BIGINT, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("of_id") REFERENCES "person" ("id"), FOREIGN KEY ("claimed_by_id") REFERENCES "person" ("id"), UNIQUE (company_id, id), FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"));

CREATE INDEX "claim_company_id_decision_id" ON "claim" ("company_id", "decision_id");

CREATE INDEX "claim_of_id_answered_at" ON "claim" ("of_id", "answered_at");

CREATE TABLE "risk_question" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "decision_id" INTEGER NOT NULL, "asked_of_id" INTEGER NOT NULL, "asked_by_id" INTEGER NOT NULL, "asked_at" BIGINT NOT NULL, "answer_by" TEXT NOT NULL, "question" TEXT NOT NULL, "technology_says" TEXT NOT NULL, "security_says" TEXT NOT NULL, "if_wrong" TEXT NOT NULL, "state" TEXT NOT NULL, "answered_at" BIGINT, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("asked_of_id") REFERENCES "person" ("id"), FOREIGN KEY ("asked_by_id") REFERENCES "person" ("id"), UNIQUE (company_id, id), FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"), CHECK ("state" IN ('open', 'taken', 'refused', 'closed')));

CREATE INDEX "risk_question_company_id_decision_id" ON "risk_question" ("company_id", "decision_id");

CREATE INDEX "risk_question_asked_of_id_state" ON "risk_question" ("asked_of_id", "state");

CREATE TABLE "risk_acceptance" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "decision_id" INTEGER NOT NULL, "revision" INTEGER NOT NULL, "leader_id" INTEGER NOT NULL, "leader_name" TEXT NOT NULL, "reason" TEXT NOT NULL, "starts_at" BIGINT NOT NULL, "until" BIGINT NOT NULL, "ended_at" BIGINT, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("leader_id") REFERENCES "person" ("id"), UNIQUE (company_id, id), FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"));

CREATE INDEX "risk_acceptance_company_id_decision_id_id" ON "risk_acceptance" ("company_id", "decision_id", "id");

CREATE INDEX "risk_acceptance_company_id_until" ON "risk_acceptance" ("company_id", "until");

CREATE TABLE "debt_item" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "number" INTEGER NOT NULL, "title" TEXT NOT NULL, "kind" TEXT NOT NULL, "state" TEXT NOT NULL, "system_id" INTEGER, "symptoms" TEXT NOT NULL, "fix_days" INTEGER, "monthly_loss" INTEGER, "owner_id" INTEGER, "noted_by_id" INTEGER NOT NULL, "noted_at" BIGINT NOT NULL, "changed_at" BIGINT NOT NULL, "closed_at" BIGINT, "actual_days" INTEGER, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("owner_id") REFERENCES "person" ("id"), FOREIGN KEY ("noted_by_id") REFERENCES "person" ("id"), UNIQUE (company_id, id), FOREIGN KEY ("company_id", "system_id") REFERENCES "system" ("company_id", "id"), UNIQUE (company_id, number), CHECK ("state" IN ('identified', 'analysed', 'repaid', 'not-debt')), CHECK ("kind" IN ('architecture', 'code', 'data', 'infrastructure', 'dependency', 'testing', 'documentation', 'security', 'process', 'other')), CHECK (fix_days IS NULL OR fix_days >= 0), CHECK (monthly_loss IS NULL OR monthly_loss >= 0));

CREATE INDEX "debt_item_company_id_changed_at_id" ON "debt_item" ("company_id", "changed_at", "id");

CREATE INDEX "debt_item_company_id_state_monthly_loss_id" ON "debt_item" ("company_id", "state", "monthly_loss", "id");

CREATE TABLE "debt_link" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "debt_id" INTEGER NOT NULL, "decision_id" INTEGER NOT NULL, "role" TEXT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("company_id", "debt_id") REFERENCES "debt_item" ("company_id", "id"), FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"), CHECK ("role" IN ('incurred_by', 'repaid_by')));

CREATE UNIQUE INDEX "debt_link_company_id_debt_id_decision_id_role" ON "debt_link" ("company_id", "debt_id", "decision_id", "role");

CREATE INDEX "debt_link_company_id_decision_id" ON "debt_link" ("company_id", "decision_id");

CREATE TABLE "debt_remark" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "debt_id" INTEGER NOT NULL, "seq" INTEGER NOT NULL, "text" TEXT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("company_id", "debt_id") REFERENCES "debt_item" ("company_id", "id"));

CREATE UNIQUE INDEX "debt_remark_company_id_debt_id_seq" ON "debt_remark" ("company_id", "debt_id", "seq");

CREATE TABLE "span" ("id" SERIAL NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "subject_type" TEXT NOT NULL, "subject_id" INTEGER NOT NULL, "kind" TEXT NOT NULL, "code" TEXT NOT NULL, "why" TEXT NOT NULL, "severity" TEXT NOT NULL, "starts" BIGINT NOT NULL, "ends" BIGINT NOT NULL, "detail" TEXT NOT NULL, "ended_as" TEXT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), UNIQUE (company_id, id), CHECK ("kind" IN ('flag', 'standing', 'status', 'input')));

CREATE INDEX "span_company_id_subject_type_subject_id_kind_starts" ON "span" ("company_id", "subject_type", "subject_id", "kind", "starts");

CREATE INDEX "span_company_id_kind_starts_code" ON "span" ("company_id", "kind", "starts", "code");

CREATE INDEX "span_company_id_kind_ends_code" ON "span" ("company_id", "kind", "ends", "code");

CREATE INDEX "span_company_id_kind_code_ends_starts" ON "span" ("company_id", "kind", "code", "ends", "starts");

CREATE TABLE "tally" ("company_id" INTEGER NOT NULL, "kind" TEXT NOT NULL, "code" TEXT NOT NULL, "why" TEXT NOT NULL, "day" TEXT NOT NULL, "n" INTEGER NOT NULL, PRIMARY KEY ("company_id", "kind", "code", "why", "day"), FOREIGN KEY ("company_id") REFERENCES "company" ("id"));

CREATE TABLE "event" ("company_id" INTEGER NOT NULL, "seq" INTEGER NOT NULL, "at" BIGINT NOT NULL, "actor_id" INTEGER, "kind" TEXT NOT NULL, "subject_type" TEXT NOT NULL, "subject_id" INTEGER NOT NULL, "body" BYTEA NOT NULL, "leaf" BYTEA NOT NULL, "root" BYTEA NOT NULL, PRIMARY KEY ("company_id", "seq"), FOREIGN KEY ("company_id") REFERENCES "company" ("id"));

CREATE TABLE "event_subject" ("company_id" INTEGER NOT NULL, "subject_type" TEXT NOT NULL, "subject_id" INTEGER NOT NULL, "seq" INTEGER NOT NULL, PRIMARY KEY ("company_id", "subject_type", "subject_id", "seq"), FOREIGN KEY ("company_id") REFERENCES "company" ("id"));

CREATE TABLE decision_search (rowid INTEGER NOT NULL PRIMARY KEY, document TSVECTOR NOT NULL);

CREATE INDEX decision_search_document ON decision_search USING GIN (document);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'this record is append-only: nothing in it is ever changed or removed'; END $$;

CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER event_subject_no_change BEFORE UPDATE OR DELETE ON event_subject FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER event_subject_no_truncate BEFORE TRUNCATE ON event_subject FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER revision_no_change BEFORE UPDATE OR DELETE ON revision FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER revision_no_truncate BEFORE TRUNCATE ON revision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER verdict_no_change BEFORE UPDATE OR DELETE ON verdict FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER verdict_no_truncate BEFORE TRUNCATE ON verdict FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER verdict_taken_back_no_change BEFORE UPDATE OR DELETE ON verdict_taken_back FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER verdict_taken_back_no_truncate BEFORE TRUNCATE ON verdict_taken_back FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
