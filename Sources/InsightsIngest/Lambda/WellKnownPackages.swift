/// Folders directly in /var/task that never belong to the application: packages installed beside
/// the handler, as by `pip install --target`.
enum WellKnownPackages {
  static func contains(_ folder: String) -> Bool {
    names.contains(folder) || folder.hasSuffix(".dist-info") || folder.hasSuffix(".egg")
  }

  private static let names: Set<String> = Set(
    """
    Crypto Cryptodome OpenSSL PIL PyPDF2 aiobotocore aiohttp aioitertools aiosignal airflow \
    alembic algoliasearch annotated_types anthropic anyio apig_wsgi ariadne asgiref asyncpg attr \
    attrs authlib aws_encryption_sdk aws_lambda_powertools aws_requests_auth aws_xray_sdk awsgi \
    awslambdaric awswrangler azure backoff bcrypt billiard boltons boto boto3 botocore bs4 bson \
    cachetools cattrs celery certifi cffi chalice chardet charset_normalizer click cloudpickle \
    confluent_kafka crhelper cryptography cymysql datadog datadog_lambda dateparser dateutil \
    ddtrace deepdiff defusedxml diskcache django dns docutils docx dotenv dynamodb_json ecdsa \
    elastic_transport elasticsearch elasticsearch_dsl email_validator exceptiongroup fastapi \
    fastavro filelock fitz flask flask_cors flask_restful frozenlist fsspec gevent google \
    googleapiclient gql graphene graphql greenlet grpc gunicorn h11 h2 hiredis hpack html5lib \
    httpcore httplib2 httptools httpx hubspot hvac hyperframe hypothesis idna importlib_metadata \
    importlib_resources isodate itsdangerous jaraco jinja2 jmespath joblib jose jsonpath_ng \
    jsonpickle jsonschema jwt kafka keyring kombu kubernetes langchain langchain_aws \
    langchain_community langchain_core langgraph launchdarkly_eventsource ldap3 ldclient \
    lightgbm litellm llama_index loguru lxml mako mangum markdown markupsafe marshmallow \
    matplotlib mcp mongoengine more_itertools moto motor mpmath msal msgpack multidict \
    mypy_boto3 mysql networkx newrelic nltk numba numexpr numpy oauthlib odf okta openai \
    openpyxl opensearchpy opentelemetry orjson oscrypto packaging pandas paramiko passlib patsy \
    peewee pendulum phonenumbers pika pip pkg_resources plotly polars prometheus_client \
    propcache psutil psycopg psycopg2 psycopg2cffi psycopg_binary psycopg_pool ptyprocess \
    pyarrow pyasn1 pyasn1_modules pycparser pycurl pydantic pydantic_core pydantic_settings \
    pydash pymemcache pymongo pymssql pymysql pynamodb pyodbc pyparsing pypdf pysftp pytest \
    pythonjsonlogger pytz pyxray ratelimit redis redshift_connector reportlab requests \
    requests_aws4auth requests_oauthlib requests_toolbelt respx rest_framework rich rsa ruamel \
    s3fs s3transfer salesforce_bulk scipy seaborn sendgrid sentry_sdk serverless_wsgi setuptools \
    shapely simple_salesforce simplejson six skimage sklearn slack_bolt slack_sdk slugify \
    smart_open sniffio snowflake sortedcontainers soupsieve spacy sqlalchemy sqlmodel sqlparse \
    sshtunnel starlette statsmodels strawberry stripe structlog sympy tabulate tenacity \
    tensorflow tiktoken tokenizers toml tomli tomlkit toolz torch tornado tqdm transformers \
    tweepy twilio twisted typeguard typer typing_inspect typing_inspection tzlocal ua_parser \
    ujson unidecode urllib3 uvicorn validators voluptuous watchtower wcmatch webargs websocket \
    websockets werkzeug wrapt xgboost xlrd xlsxwriter xmltodict yaml yarl zappa zeep zipp zope \
    zstandard
    """.split { $0 == " " || $0 == "\n" }.map(String.init))
}
