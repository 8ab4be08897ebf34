package demo

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
)

// ransom plays somebody with an uploader's stolen credentials, here the
// administrator's, who would lock the objects away and sell the key: a key of
// another account, which encrypts for everybody and decrypts for its owner, or
// a key that is sent with the request.
func (p *stageplay) ransom(ctx context.Context) {
	p.scene("Whoever may upload can't lock objects away",
		"A thief with an uploader's credentials encrypts the objects under a key of another account, or under one that is sent along, and sells the key.")
	bucket, c := p.output("buckets", "SseS3Bucket"), p.administrator.s3
	key, got := p.strangersKey(ctx)
	p.step("aws kms create-key --region "+sourceRegion+"  # in the other account; its policy lets everybody encrypt", got, "ok")
	for _, output := range []string{"SseS3Bucket", "SseKmsAwsManagedBucket", "SseKmsCmkBucket", "DsseKmsBucket", "SseCBucket"} {
		b := p.output("buckets", output)
		p.step("aws s3 cp ransom s3://"+b+"/hello.txt --sse aws:kms --sse-kms-key-id "+key,
			put(ctx, c, b, "hello.txt", under(types.ServerSideEncryptionAwsKms, key)), "403 AccessDenied")
	}
	p.step("… --sse-kms-key-id alias/any  # of whichever account the caller is in",
		put(ctx, c, bucket, "hello.txt", under(types.ServerSideEncryptionAwsKms, "alias/any")), "403 AccessDenied")
	_, err := c.CopyObject(ctx, &s3.CopyObjectInput{
		Bucket: &bucket, Key: aws.String("hello.txt"), CopySource: aws.String(bucket + "/hello.txt"),
		ServerSideEncryption: types.ServerSideEncryptionAwsKms, SSEKMSKeyId: &key,
	})
	p.step("aws s3api copy-object  # onto itself, under that key", outcome(err), "403 AccessDenied")
	_, err = c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: &bucket, Key: aws.String("hello.txt"), ServerSideEncryption: types.ServerSideEncryptionAwsKms, SSEKMSKeyId: &key,
	})
	p.step("aws s3api create-multipart-upload  # under that key", outcome(err), "403 AccessDenied")
	_, err = c.UpdateObjectEncryption(ctx, &s3.UpdateObjectEncryptionInput{
		Bucket: &bucket, Key: aws.String("hello.txt"),
		ObjectEncryption: &types.ObjectEncryptionMemberSSEKMS{Value: types.SSEKMSEncryption{KMSKeyArn: &key}},
	})
	p.step("aws s3api update-object-encryption  # in place, under that key", outcome(err), "403 AccessDenied")

	p.step("aws s3api put-object --sse-customer-key ANY", put(ctx, c, bucket, "hello.txt", customerKey{1}.put), "403 AccessDenied")
	p.step("aws s3api put-bucket-encryption  # no longer blocks SSE-C", p.setDefault(ctx, bucket, underSSES3, types.EncryptionTypeNone), "ok")
	p.step("aws s3api put-object --sse-customer-key ANY", put(ctx, c, bucket, "hello.txt", customerKey{1}.put), "403 AccessDenied")
	p.step("aws s3api put-bucket-encryption  # as it was deployed", p.setDefault(ctx, bucket, underSSES3, types.EncryptionTypeSseC), "ok")
	p.step("aws s3 cp s3://"+bucket+"/hello.txt -  # as app; it is as it was", get(ctx, p.app.s3, bucket, "hello.txt"), fmt.Sprintf("ok %q AES256", content))

	p.foreignDefault(ctx, bucket, key)
	p.withoutPolicy(ctx, bucket, key)
}

// foreignDefault plays what no bucket policy prevents: who may change the
// bucket's default encryption can name any key, and S3 doesn't look at it.
func (p *stageplay) foreignDefault(ctx context.Context, bucket, key string) {
	c := p.administrator.s3
	p.step("aws s3api put-bucket-encryption  # default: that key. Whoever may change the bucket can",
		p.setDefault(ctx, bucket, underKMS(key), types.EncryptionTypeSseC), "ok")
	p.step("aws s3 cp hello.txt s3://"+bucket+"/new.txt", put(ctx, c, bucket, "new.txt"), "ok aws:kms under "+key)
	p.step("aws s3 cp s3://"+bucket+"/new.txt -", get(ctx, c, bucket, "new.txt"), "403 AccessDenied")
	p.step("aws s3api put-bucket-encryption  # as it was deployed", p.setDefault(ctx, bucket, underSSES3, types.EncryptionTypeSseC), "ok")
}

// withoutPolicy plays the same on the bucket without its policy, as a bucket
// comes from S3. The version before is what is left then.
func (p *stageplay) withoutPolicy(ctx context.Context, bucket, key string) {
	c := p.administrator.s3
	policy, err := c.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &bucket})
	if err != nil {
		p.step("aws s3api get-bucket-policy --bucket "+bucket, outcome(err), "ok")
		return
	}
	before, err := c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: aws.String("hello.txt")})
	if err != nil {
		p.step("aws s3api head-object --key hello.txt", outcome(err), "ok")
		return
	}
	_, err = c.DeleteBucketPolicy(ctx, &s3.DeleteBucketPolicyInput{Bucket: &bucket})
	p.step("aws s3api delete-bucket-policy --bucket "+bucket+"  # what S3 itself would do", outcome(err), "ok")
	p.step("aws s3 cp ransom s3://"+bucket+"/hello.txt --sse aws:kms --sse-kms-key-id "+key,
		put(ctx, c, bucket, "hello.txt", under(types.ServerSideEncryptionAwsKms, key)), "ok aws:kms under "+key)
	p.step("aws s3 cp s3://"+bucket+"/hello.txt -", get(ctx, c, bucket, "hello.txt"), "403 AccessDenied")
	p.step("aws s3api get-object --version-id VERSION  # the one before is still there",
		get(ctx, c, bucket, "hello.txt", func(in *s3.GetObjectInput) { in.VersionId = before.VersionId }), fmt.Sprintf("ok %q", content))
	p.step("aws s3api put-bucket-policy  # the deployed policy again", p.administrator.putPolicy(ctx, bucket, policy.Policy), "ok")
	p.step("aws s3 cp hello.txt s3://"+bucket+"/", put(ctx, c, bucket, "hello.txt"), "ok AES256")
}

// strangersKey makes a key of the other account, in the buckets' Region, whose
// policy lets everybody encrypt.
func (p *stageplay) strangersKey(ctx context.Context) (arn, got string) {
	return p.createKey(ctx, p.stranger, "the thief's key", documentText(
		iam.Statement{Effect: iam.Allow, Principal: &iam.Principal{AWS: iam.Strings{"arn:aws:iam::" + replicaAccount + ":root"}}, Action: iam.Strings{"kms:*"}, Resource: iam.Strings{"*"}},
		iam.Statement{Effect: iam.Allow, Principal: &iam.Principal{Any: true}, Action: iam.Strings{"kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncrypt*"}, Resource: iam.Strings{"*"}},
	))
}

var underSSES3 = types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256}

// underKMS is SSE-KMS under a key; under aws/s3 if none is named.
func underKMS(key string) types.ServerSideEncryptionByDefault {
	e := types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms}
	if key != "" {
		e.KMSMasterKeyID = &key
	}
	return e
}

// setDefault sets a bucket's default encryption, and what it blocks.
func (p *stageplay) setDefault(ctx context.Context, bucket string, byDefault types.ServerSideEncryptionByDefault, blocks ...types.EncryptionType) string {
	rule := types.ServerSideEncryptionRule{ApplyServerSideEncryptionByDefault: &byDefault}
	if len(blocks) > 0 {
		rule.BlockedEncryptionTypes = &types.BlockedEncryptionTypes{EncryptionType: blocks}
	}
	_, err := p.administrator.s3.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
		Bucket: &bucket, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{rule}},
	})
	return outcome(err)
}
