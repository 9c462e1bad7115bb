import pytest

from saleor_aftercare.service.env import (
    Env,
    SettingsError,
    cache_url,
    parse_broker_url,
    parse_client,
    parse_database_url,
    parse_email_url,
    parse_fernet_key,
    parse_origin,
    parse_saleor_url,
)


def test_all_problems_are_found_in_one_pass_and_the_first_is_the_sentence():
    env = Env({"DEBUG": "perhaps", "SIZE": "12.5", "FORMAT": "xml", "FOLDER": "here"})

    env.boolean("DEBUG", default=False)
    env.integer("SIZE", 3, low=0, high=10)
    env.choice("FORMAT", ("json", "console"))
    env.path("FOLDER")
    env.required("KEY", "give one")

    with pytest.raises(SettingsError) as raised:
        env.finish()
    assert raised.value.problems == [
        "DEBUG must be true or false, not 'perhaps'.",
        "SIZE must be a whole number from 0 to 10, not '12.5'.",
        "FORMAT must be one of json, console, not 'xml'.",
        "FOLDER must be an absolute path, not 'here'.",
        "KEY is not set; give one.",
    ]
    assert str(raised.value) == "DEBUG must be true or false, not 'perhaps'."


def test_an_empty_value_counts_as_not_given():
    env = Env({"DEBUG": " ", "SIZE": "", "WORDS": " , a ,,b"})

    assert env.boolean("DEBUG", default=True) is True
    assert env.integer("SIZE", 3, low=0, high=10) == 3
    assert env.words("WORDS") == ("a", "b")
    env.finish()


def test_prefixed_settings_are_collected_and_json_is_read():
    env = Env({"ANYMAIL_TOKEN": "abc", "ANYMAIL_DEFAULTS": '{"tags": ["x"]}', "OTHER": "1"})

    assert env.prefixed("ANYMAIL_") == {"DEFAULTS": {"tags": ["x"]}, "TOKEN": "abc"}
    env.finish()


def test_broken_json_in_a_prefixed_setting_is_a_problem():
    env = Env({"ANYMAIL_DEFAULTS": "{tags"})

    env.prefixed("ANYMAIL_")

    assert env.problems == ["ANYMAIL_DEFAULTS looks like JSON and is not."]


def test_a_database_url_with_everything():
    parsed = parse_database_url("postgresql://us%40er:p%2Fw@db.internal:5433/shop%2Done?sslmode=require")

    assert parsed == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop-one",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.internal",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_a_database_url_with_a_socket_folder():
    parsed = parse_database_url("postgresql://postgres@/aftercare?host=/run/postgresql")

    assert (parsed["HOST"], parsed["PORT"], parsed["OPTIONS"]) == ("/run/postgresql", "", {})


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("mysql://u:secret@h/n", "must start with postgresql:// or postgres://"),
        ("postgresql://u:secret@h", "must name the database"),
        ("postgresql://u:secret@h:port/n", "has a port that is no number"),
    ],
)
def test_an_unusable_database_url_is_refused_without_repeating_its_password(value, why):
    with pytest.raises(ValueError, match=why) as raised:
        parse_database_url(value)

    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("value", ["redis://valkey:6379/0", "rediss://u:p@valkey/1", "redis+socket:///run/valkey.sock"])
def test_broker_urls(value):
    assert parse_broker_url(value) == value


@pytest.mark.parametrize("value", ["amqp://rabbit", "redis://", "redis+socket://valkey.sock"])
def test_unusable_broker_urls(value):
    with pytest.raises(ValueError, match="must"):
        parse_broker_url(value)


def test_redis_py_has_its_own_word_for_a_socket():
    assert cache_url("redis+socket:///run/valkey.sock") == "unix:///run/valkey.sock"
    assert cache_url("redis://valkey:6379/0") == "redis://valkey:6379/0"


@pytest.mark.parametrize(
    ("value", "port", "tls", "ssl"),
    [
        ("smtp://mail.test", 25, False, False),
        ("smtp://mail.test?tls=1", 587, True, False),
        ("smtp://mail.test?ssl=1", 465, False, True),
        ("smtp://mail.test:2525", 2525, False, False),
    ],
)
def test_mail_servers(value, port, tls, ssl):
    parsed = parse_email_url(value)

    assert (parsed["EMAIL_PORT"], parsed["EMAIL_USE_TLS"], parsed["EMAIL_USE_SSL"]) == (port, tls, ssl)
    assert (parsed["EMAIL_HOST"], parsed["EMAIL_TIMEOUT"]) == ("mail.test", 15)


@pytest.mark.parametrize("value", ["http://mail.test", "smtp://", "smtp://mail.test?starttls=1", "smtp://m?timeout=x"])
def test_unusable_mail_servers(value):
    with pytest.raises(ValueError, match=r"must|knows|wants"):
        parse_email_url(value)


def test_an_origin_loses_its_slash_and_may_have_nothing_else():
    assert parse_origin("https://aftercare.test/") == "https://aftercare.test"
    for value in ("aftercare.test", "https://aftercare.test/app", "https://u@aftercare.test", "https://a.test?x=1"):
        with pytest.raises(ValueError, match="must"):
            parse_origin(value)


def test_a_saleor_is_named_by_its_graphql_address():
    assert parse_saleor_url("https://shop.test/graphql/") == "https://shop.test/graphql/"
    for value in ("https://shop.test/", "https://shop.test/graphql", "shop.test/graphql/", "https:///graphql/"):
        with pytest.raises(ValueError, match="must"):
            parse_saleor_url(value)


def test_an_encryption_key_that_is_none_is_refused_without_repeating_it():
    with pytest.raises(ValueError, match="make one with") as raised:
        parse_fernet_key("hunter2")

    assert "hunter2" not in str(raised.value)


def test_a_client_is_an_id_and_a_secret():
    assert parse_client("1234.apps.example:GOCSPX-a:b") == ("1234.apps.example", "GOCSPX-a:b")
    for value in ("1234", ":secret", "1234:"):
        with pytest.raises(ValueError, match="<client id>:<client secret>"):
            parse_client(value)
