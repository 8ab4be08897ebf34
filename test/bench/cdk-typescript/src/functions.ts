// The functions of the bucket under SSE-C, each with a role and a log group.
import { CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { accept, retain } from './bucket';
import { Statement, allow, assumedBy, policyOf } from './policy';

export function newFunctions(stack: Stack, bucket: CfnBucket, code: string) {
  const secret = new CfnSecret(stack, 'SseCKeyRing', {
    description: "SSE-C key ring; without it the bucket's objects cannot be read",
    generateSecretString: {
      secretStringTemplate: '{"v":1,"primary":"k0"}',
      generateStringKey: 'k0',
      passwordLength: 64,
      excludeCharacters: 'ghijklmnopqrstuvwxyz',
      excludeUppercase: true,
      excludePunctuation: true,
      includeSpace: false,
      requireEachIncludedType: false,
    },
  });
  retain(secret);
  accept(secret, 'AwsSolutions-SMG4', 'NIST.800.53.R5-SecretsManagerRotationEnabled', 'NIST.800.53.R5-SecretsManagerUsingKMSKey');
  new CfnOutput(stack, 'SseCKeyRingArn', { description: 'Secret with the keys of the sse-c bucket', value: secret.ref });
  const keys = allow('ReadKeyRing', 'secretsmanager:GetSecretValue', secret.ref);
  newFunction(stack, 'Put', bucket, secret, code, [
    allow('PutObjects', ['s3:GetObjectTagging', 's3:PutObject', 's3:PutObjectTagging'], `${bucket.attrArn}/*`),
    allow('FindOwnVersion', 's3:ListBucketVersions', bucket.attrArn),
    allow('TellBlockedEncryption', 's3:GetEncryptionConfiguration', bucket.attrArn),
    keys,
  ]);
  newFunction(stack, 'Get', bucket, secret, code, [
    allow('GetObjects', ['s3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion', 's3:GetObjectVersionTagging'], `${bucket.attrArn}/*`),
    allow('TellMissingObjects', 's3:ListBucket', bucket.attrArn),
    keys,
  ]);
}

function newFunction(stack: Stack, verb: string, bucket: CfnBucket, secret: CfnSecret, code: string, statements: Statement[]) {
  const logs = new CfnLogGroup(stack, `SseC${verb}Logs`, { retentionInDays: 365 });
  retain(logs);
  accept(logs, 'NIST.800.53.R5-CloudWatchLogGroupEncrypted');
  const role = new CfnRole(stack, `SseC${verb}Role`, {
    assumeRolePolicyDocument: policyOf(assumedBy('lambda.amazonaws.com')),
    policies: [{
      policyName: 'Objects',
      policyDocument: policyOf(...statements, allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], logs.attrArn)),
    }],
  });
  accept(role, 'AwsSolutions-IAM5', 'NIST.800.53.R5-IAMNoInlinePolicy');
  const asset = new Asset(stack, `SseC${verb}Code`, { path: `${code}/${verb.toLowerCase()}` });
  const made = new CfnFunction(stack, `SseC${verb}`, {
    architectures: ['arm64'],
    code: { s3Bucket: asset.s3BucketName, s3Key: asset.s3ObjectKey },
    environment: {
      variables: { BUCKET_NAME: bucket.ref, ENCRYPTION: 'sse-c', OBJECT_KEY: 'test-object', SECRET_ARN: secret.ref },
    },
    handler: 'bootstrap',
    loggingConfig: { logFormat: 'JSON', logGroup: logs.ref },
    memorySize: 256,
    role: role.attrArn,
    runtime: 'provided.al2023',
    timeout: 30,
  });
  made.addResourceDependency(role);
  accept(made, 'NIST.800.53.R5-LambdaConcurrency', 'NIST.800.53.R5-LambdaDLQ', 'NIST.800.53.R5-LambdaInsideVPC');
  new CfnOutput(stack, `SseC${verb}Name`, { description: `The function ${verb}; try: aws lambda invoke`, value: made.ref });
}
