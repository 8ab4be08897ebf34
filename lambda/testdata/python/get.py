"""Gets an object under SSE-C with boto3. See put.py."""

import base64
import hashlib
import os

import boto3

secrets = boto3.client("secretsmanager")
s3 = boto3.client("s3")


def handler(event, context):
    key = secrets.get_secret_value(SecretId=os.environ["SECRET_ARN"])["SecretString"].encode()
    answer = s3.get_object(
        Bucket=os.environ["BUCKET_NAME"],
        Key=os.environ["OBJECT_KEY"],
        SSECustomerAlgorithm="AES256",
        SSECustomerKey=base64.b64encode(key).decode(),
        SSECustomerKeyMD5=base64.b64encode(hashlib.md5(key).digest()).decode(),
    )
    return answer["Body"].read().decode()
