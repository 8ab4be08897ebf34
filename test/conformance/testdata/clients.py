"""boto3 as a client of the local AWS: every check exits with an AssertionError
if the local AWS answers other than AWS does."""

import base64
import hashlib
import io
import os
import ssl
import sys
import urllib.error
import urllib.request
import zlib

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

KEY = b"hws7rqxtlcwd98e8nds94jf8al3yyi5t"
KEY_MD5 = "aLkI4bOu2sXS3Guq7vU37A=="
CUSTOMER = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": KEY}

s3 = boto3.client("s3")
kms = boto3.client("kms")
secrets = boto3.client("secretsmanager")
key_arn = sys.argv[1]


def refused(call, code, status):
    try:
        call()
    except ClientError as e:
        got = e.response["Error"]["Code"], e.response["ResponseMetadata"]["HTTPStatusCode"]
        assert got == (code, status), f"{got}, want {(code, status)}: {e}"
        return e.response["Error"]["Message"]
    raise AssertionError(f"not refused with {code}")


def transfers():
    content = os.urandom(12 << 20)
    with open("upload", "wb") as f:
        f.write(content)
    parts = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20, max_concurrency=3)
    for bucket, key, extra, shown in [
        ("fa-125-sse-c", "customer", CUSTOMER, {"SSECustomerKeyMD5": KEY_MD5}),
        ("fa-125-sse-s3", "kms", {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key_arn}, {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key_arn}),
        ("fa-125-sse-s3", "plain", {}, {"ServerSideEncryption": "AES256"}),
    ]:
        read = extra if "SSECustomerKey" in extra else {}
        for name, config in [(key, TransferConfig()), (key + "-parts", parts)]:
            s3.upload_file("upload", bucket, name, ExtraArgs=extra, Config=config)
            s3.download_file(bucket, name, "download", ExtraArgs=read, Config=config)
            with open("download", "rb") as f:
                assert f.read() == content, name
            head = s3.head_object(Bucket=bucket, Key=name, **read)
            assert head["ContentLength"] == len(content), head
            for member, want in shown.items():
                assert head[member] == want, head
        part = s3.get_object(Bucket=bucket, Key=key + "-parts", Range="bytes=5242870-5242889", **read)
        assert part["Body"].read() == content[5242870:5242890] and part["ContentRange"] == f"bytes 5242870-5242889/{len(content)}"
    assert s3.head_object(Bucket="fa-125-sse-s3", Key="plain")["ETag"].endswith('-2"')
    assert s3.head_object(Bucket="fa-125-sse-s3", Key="plain-parts")["ETag"].endswith('-3"')


def customer_keys():
    arguments = {"Bucket": "fa-125-sse-c", "Key": "k"}
    out = s3.put_object(Body=b"awstut!", **arguments, **CUSTOMER)
    assert out["SSECustomerKeyMD5"] == KEY_MD5 and "ServerSideEncryption" not in out, out
    assert out["ETag"] != '"' + hashlib.md5(b"awstut!").hexdigest() + '"', out
    assert s3.get_object(**arguments, **CUSTOMER)["Body"].read() == b"awstut!"
    message = refused(lambda: s3.get_object(**arguments), "InvalidRequest", 400)
    assert message.startswith("The object was stored using a form of Server Side Encryption."), message
    refused(lambda: s3.put_object(Body=b"x", **arguments), "AccessDenied", 403)
    wrong = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"0" * 32}
    refused(lambda: s3.get_object(**arguments, **wrong), "AccessDenied", 403)
    refused(lambda: s3.put_object(Body=b"x", **arguments, SSECustomerAlgorithm="AES256", SSECustomerKey=b"short"), "InvalidArgument", 400)
    refused(lambda: s3.put_object(Body=b"x", **arguments, SSECustomerAlgorithm="AES128", SSECustomerKey=KEY), "InvalidEncryptionAlgorithmError", 400)
    new = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"1" * 32}
    s3.copy_object(
        **arguments, **new, CopySource="fa-125-sse-c/k", CopySourceSSECustomerAlgorithm="AES256", CopySourceSSECustomerKey=KEY
    )
    assert s3.get_object(**arguments, **new)["Body"].read() == b"awstut!"
    refused(lambda: s3.get_object(**arguments, **CUSTOMER), "AccessDenied", 403)


def listing():
    names = [f"list/{i:03} ü+&%.txt" for i in range(25)]
    for name in names:
        s3.put_object(Bucket="fa-125-sse-kms-cmk", Key=name, Body=name.encode())
    for operation in ["list_objects", "list_objects_v2"]:
        pages = list(s3.get_paginator(operation).paginate(Bucket="fa-125-sse-kms-cmk", PaginationConfig={"PageSize": 7}))
        assert [len(p["Contents"]) for p in pages] == [7, 7, 7, 4], operation
        assert [o["Key"] for p in pages for o in p["Contents"]] == names, operation
    page = s3.list_objects_v2(Bucket="fa-125-sse-kms-cmk", Delimiter="/")
    assert [p["Prefix"] for p in page["CommonPrefixes"]] == ["list/"] and "Contents" not in page, page
    s3.put_bucket_versioning(Bucket="fa-125-sse-kms-cmk", VersioningConfiguration={"Status": "Enabled"})
    s3.delete_objects(Bucket="fa-125-sse-kms-cmk", Delete={"Objects": [{"Key": n} for n in names]})
    versions = list(s3.get_paginator("list_object_versions").paginate(Bucket="fa-125-sse-kms-cmk", PaginationConfig={"PageSize": 7}))
    assert sum(len(p.get("Versions", [])) for p in versions) == 25 and sum(len(p.get("DeleteMarkers", [])) for p in versions) == 25
    assert s3.list_objects_v2(Bucket="fa-125-sse-kms-cmk")["KeyCount"] == 0


def presigned():
    context = ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])

    def call(method, url, body=None, headers=None):
        request = urllib.request.Request(url, data=body, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, context=context) as r:
                return r.status, r.read()
        except urllib.error.HTTPError as e:
            return e.code, e.read()

    signer = boto3.client("s3", config=Config(signature_version="s3v4"))
    target = {"Bucket": "fa-125-sse-s3", "Key": "presigned"}
    url = signer.generate_presigned_url("put_object", Params=target, ExpiresIn=60)
    assert call("PUT", url, b"by url", {"Content-Type": ""})[0] == 200
    url = signer.generate_presigned_url("get_object", Params=target, ExpiresIn=60)
    assert call("GET", url) == (200, b"by url")
    assert call("GET", url.replace("presigned", "other"))[0] == 403
    # The key isn't in the URL: who uses it sends the same headers.
    url = signer.generate_presigned_url("get_object", Params={"Bucket": "fa-125-sse-c", "Key": "customer", **CUSTOMER}, ExpiresIn=60)
    headers = {
        "x-amz-server-side-encryption-customer-algorithm": "AES256",
        "x-amz-server-side-encryption-customer-key": base64.b64encode(KEY).decode(),
        "x-amz-server-side-encryption-customer-key-MD5": KEY_MD5,
    }
    status, got = call("GET", url, headers=headers)
    assert status == 200 and len(got) == 12 << 20, (status, got[:500])
    assert call("GET", url)[0] == 403  # the headers are signed


def keys():
    sealed = kms.encrypt(KeyId=key_arn, Plaintext=b"text", EncryptionContext={"a": "b"})
    assert kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext={"a": "b"})["Plaintext"] == b"text"
    refused(lambda: kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"]), "InvalidCiphertextException", 400)
    data = kms.generate_data_key(KeyId=key_arn, KeySpec="AES_256")
    assert len(data["Plaintext"]) == 32 and kms.decrypt(CiphertextBlob=data["CiphertextBlob"])["Plaintext"] == data["Plaintext"]
    again = kms.re_encrypt(CiphertextBlob=sealed["CiphertextBlob"], SourceEncryptionContext={"a": "b"}, DestinationKeyId=key_arn)
    assert kms.decrypt(CiphertextBlob=again["CiphertextBlob"])["Plaintext"] == b"text"
    metadata = kms.describe_key(KeyId=key_arn)["KeyMetadata"]
    assert metadata["Arn"] == key_arn and metadata["KeyManager"] == "CUSTOMER" and metadata["CreationDate"].year > 2000, metadata
    refused(lambda: kms.describe_key(KeyId="alias/none"), "NotFoundException", 400)


def secret_versions():
    arn = secrets.create_secret(Name="boto", SecretString="first")["ARN"]
    secrets.put_secret_value(SecretId=arn, SecretString="second")
    assert secrets.get_secret_value(SecretId="boto")["SecretString"] == "second"
    assert secrets.get_secret_value(SecretId="boto", VersionStage="AWSPREVIOUS")["SecretString"] == "first"
    secrets.put_secret_value(SecretId=arn, SecretBinary=b"\x00\xff")
    assert secrets.get_secret_value(SecretId="boto")["SecretBinary"] == b"\x00\xff"
    stages = secrets.describe_secret(SecretId="boto")["VersionIdsToStages"]
    assert sorted(s for v in stages.values() for s in v) == ["AWSCURRENT", "AWSPREVIOUS"], stages
    assert len(secrets.get_random_password(PasswordLength=40, ExcludePunctuation=True)["RandomPassword"]) == 40
    refused(lambda: secrets.get_secret_value(SecretId="none"), "ResourceNotFoundException", 400)


def bodies():
    """What a client can send in other ways than upload_file does."""
    s3.put_object(Bucket="fa-125-sse-s3", Key="sha", Body=io.BytesIO(b"abc"), ChecksumAlgorithm="SHA256", Metadata={"a": "b"}, Tagging="t=1")
    got = s3.get_object(Bucket="fa-125-sse-s3", Key="sha", ChecksumMode="ENABLED")
    assert got["ChecksumSHA256"] == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=" and got["Metadata"] == {"a": "b"}, got
    assert s3.get_object_tagging(Bucket="fa-125-sse-s3", Key="sha")["TagSet"] == [{"Key": "t", "Value": "1"}]
    refused(lambda: s3.put_object(Bucket="fa-125-sse-s3", Key="sha", Body=b"abc", IfNoneMatch="*"), "PreconditionFailed", 412)
    refused(lambda: s3.put_object(Bucket="fa-125-sse-s3", Key="sha", Body=b"abc", ContentMD5="aLkI4bOu2sXS3Guq7vU37A=="), "BadDigest", 400)
    refused(lambda: s3.get_object(Bucket="fa-125-sse-s3", Key="none"), "NoSuchKey", 404)
    refused(lambda: s3.get_object(Bucket="fa-125-none", Key="none"), "NoSuchBucket", 404)
    refused(lambda: s3.head_object(Bucket="fa-125-sse-s3", Key="none"), "404", 404)


def checksums():
    """boto3 computes those of uploads, and verifies those of downloads."""
    bucket, content = "fa-125-sse-s3", os.urandom((5 << 20) + 12345)
    with open("upload", "wb") as f:
        f.write(content)
    halves = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)

    def sha256(*texts):
        return base64.b64encode(hashlib.sha256(b"".join(texts)).digest()).decode()

    sums = [sha256(content[: 5 << 20]), sha256(content[5 << 20 :])]
    composite = sha256(*map(base64.b64decode, sums))
    s3.upload_file("upload", bucket, "sums", ExtraArgs={"ChecksumAlgorithm": "SHA256"}, Config=halves)
    s3.download_file(bucket, "sums", "download", Config=halves)
    head = s3.head_object(Bucket=bucket, Key="sums", ChecksumMode="ENABLED")
    assert (head["ChecksumSHA256"], head["ChecksumType"]) == (composite + "-2", "COMPOSITE"), head
    for i, want in enumerate(sums):
        part = s3.get_object(Bucket=bucket, Key="sums", PartNumber=i + 1, ChecksumMode="ENABLED")
        assert (part["ChecksumSHA256"], part["ChecksumType"], part["PartsCount"]) == (want, "COMPOSITE", 2), part
        assert sha256(part["Body"].read()) == want
    asked = {"Bucket": bucket, "Key": "sums", "ObjectAttributes": ["Checksum", "ObjectParts"], "MaxParts": 1}
    first = s3.get_object_attributes(**asked)
    assert first["Checksum"] == {"ChecksumSHA256": composite, "ChecksumType": "COMPOSITE"}, first
    parts = first["ObjectParts"]
    assert (parts["TotalPartsCount"], parts["IsTruncated"], parts["NextPartNumberMarker"]) == (2, True, 1), parts
    rest = s3.get_object_attributes(PartNumberMarker=1, **asked)["ObjectParts"]
    assert [p["ChecksumSHA256"] for p in parts["Parts"] + rest["Parts"]] == sums and not rest["IsTruncated"], rest

    whole = base64.b64encode(zlib.crc32(content).to_bytes(4, "big")).decode()
    s3.upload_file("upload", bucket, "full", ExtraArgs={"ChecksumCRC32": whole, "ChecksumType": "FULL_OBJECT"}, Config=halves)
    got = s3.get_object(Bucket=bucket, Key="full", ChecksumMode="ENABLED")
    assert got["Body"].read() == content and (got["ChecksumCRC32"], got["ChecksumType"]) == (whole, "FULL_OBJECT"), got
    wrong = {"ChecksumCRC32": "AAAAAA==", "ChecksumType": "FULL_OBJECT"}
    refused(lambda: s3.upload_fileobj(io.BytesIO(content), bucket, "full", ExtraArgs=wrong, Config=halves), "BadDigest", 400)

    silent = boto3.client("s3", config=Config(request_checksum_calculation="when_required"))
    assert "ChecksumCRC64NVME" in silent.put_object(Bucket=bucket, Key="default", Body=b"abc")
    copied = s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/sums", ChecksumAlgorithm="CRC32")["CopyObjectResult"]
    assert (copied["ChecksumCRC32"], copied["ChecksumType"]) == (whole, "FULL_OBJECT"), copied
    listed = {o["Key"]: (o["ChecksumAlgorithm"], o["ChecksumType"]) for o in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert listed["sums"] == (["SHA256"], "COMPOSITE") and listed["default"] == (["CRC64NVME"], "FULL_OBJECT"), listed


def updates():
    """Re-encryption in place, as the user guide has it."""
    target = {"Bucket": "fa-125-sse-s3", "Key": "updated"}
    s3.put_object(Body=b"awstut!", **target)
    before = s3.head_object(**target)
    to = {"SSEKMS": {"KMSKeyArn": key_arn, "BucketKeyEnabled": True}}
    s3.update_object_encryption(ObjectEncryption=to, **target)
    after = s3.get_object(**target)
    assert after["Body"].read() == b"awstut!" and after["ETag"] == before["ETag"] and after["LastModified"] == before["LastModified"], after
    assert (after["ServerSideEncryption"], after["SSEKMSKeyId"], after["BucketKeyEnabled"]) == ("aws:kms", key_arn, True), after
    message = refused(
        lambda: s3.update_object_encryption(ObjectEncryption={"SSEKMS": {"KMSKeyArn": key_arn.replace(":key/", ":alias/")}}, **target), "InvalidRequest", 400
    )
    assert "require a valid AWS KMS key Amazon Resource Name" in message, message
    refused(lambda: s3.update_object_encryption(ObjectEncryption=to, Bucket="fa-125-sse-s3", Key="none"), "NoSuchKey", 404)


def namespaces():
    """A bucket that no other account can make."""
    region = s3.meta.region_name
    name = f"boto-{key_arn.split(':')[4]}-{region}-an"
    create = {"Bucket": name, "CreateBucketConfiguration": {"LocationConstraint": region}}
    refused(lambda: s3.create_bucket(**create), "InvalidBucketName", 400)
    s3.create_bucket(BucketNamespace="account-regional", **create)
    refused(lambda: s3.create_bucket(BucketNamespace="account-regional", **create), "BucketAlreadyOwnedByYou", 409)
    assert name in [b["Name"] for b in s3.list_buckets()["Buckets"]]


for check in [customer_keys, transfers, presigned, listing, keys, secret_versions, bodies, checksums, updates, namespaces]:
    check()
    print("passed:", check.__name__, flush=True)
print("all checks passed")
