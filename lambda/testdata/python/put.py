"""Puts an object under SSE-C with boto3, as a first version in Python would: the
secret is the key, and each event reads it."""

import base64
import hashlib
import os

import boto3

secrets = boto3.client("secretsmanager")
s3 = boto3.client("s3")


def handler(event, context):
    key = secrets.get_secret_value(SecretId=os.environ["SECRET_ARN"])["SecretString"].encode()
    return s3.put_object(
        Bucket=os.environ["BUCKET_NAME"],
        Key=os.environ["OBJECT_KEY"],
        Body=event.get("body", "s3seal!").encode(),
        ContentType="text/plain",
        SSECustomerAlgorithm="AES256",
        SSECustomerKey=base64.b64encode(key).decode(),
        SSECustomerKeyMD5=base64.b64encode(hashlib.md5(key).digest()).decode(),
    )
