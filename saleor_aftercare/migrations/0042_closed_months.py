"""A closed month stays as it was: the database itself refuses every change of its handled contacts."""

from typing import ClassVar

from django.db import migrations

# Whoever counts holds the month shared, whoever closes it holds it alone: no row can slip into a month that is being
# closed. Deleting a whole shop goes through the same door and is refused as well, as long as it has closed months.
FORWARDS = """
CREATE FUNCTION aftercare_month_lock(shop bigint, month date) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT hashtextextended('aftercare.month:' || shop || ':' || to_char(month, 'YYYY-MM'), 0)
$$;

CREATE FUNCTION aftercare_hold_open_month(shop bigint, wanted date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(aftercare_month_lock(shop, wanted));
    IF EXISTS (SELECT FROM aftercare_monthclose WHERE shop_id = shop AND month = wanted) THEN
        RAISE EXCEPTION 'The month % is closed', wanted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'handledcontact_month_is_open';
    END IF;
END $$;

CREATE FUNCTION aftercare_refuse_closed_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM aftercare_hold_open_month(OLD.shop_id, OLD.month);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    PERFORM aftercare_hold_open_month(NEW.shop_id, NEW.month);
    RETURN NEW;
END $$;

CREATE FUNCTION aftercare_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was closed stays closed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'monthclose_is_final';
END $$;

CREATE TRIGGER handledcontact_month_is_open BEFORE INSERT OR UPDATE OR DELETE ON aftercare_handledcontact
    FOR EACH ROW EXECUTE FUNCTION aftercare_refuse_closed_month();
CREATE TRIGGER monthclose_is_final BEFORE UPDATE OR DELETE ON aftercare_monthclose
    FOR EACH ROW EXECUTE FUNCTION aftercare_refuse_change();
"""

BACKWARDS = """
DROP TRIGGER monthclose_is_final ON aftercare_monthclose;
DROP TRIGGER handledcontact_month_is_open ON aftercare_handledcontact;
DROP FUNCTION aftercare_refuse_change();
DROP FUNCTION aftercare_refuse_closed_month();
DROP FUNCTION aftercare_hold_open_month(bigint, date);
DROP FUNCTION aftercare_month_lock(bigint, date);
"""


class Migration(migrations.Migration):
    """Triggers only."""

    dependencies: ClassVar = [("aftercare", "0041_service_levels_and_surveys")]

    operations: ClassVar = [migrations.RunSQL(FORWARDS, BACKWARDS)]
