// The log buckets of one environment.
import { CfnOutput, Stack } from 'aws-cdk-lib';
import { newBucket, newKey } from './bucket';
import { allow } from './policy';

export interface Environment {
  readonly account: string;
  readonly region: string;
}

export const nameOf = (prefix: string, what: string, e: Environment) => `${prefix}-${what}-${e.account}-${e.region}-an`;

const rules = [
  { id: 'ExpireNoncurrentVersions', status: 'Enabled', noncurrentVersionExpiration: { noncurrentDays: 30 } },
  { id: 'ExpireLogs', status: 'Enabled', expirationInDays: 365 },
  { id: 'RemoveDeleteMarkers', status: 'Enabled', expiredObjectDeleteMarker: true },
];

/** Fills a stack with the log buckets of the buckets that are named. */
export function newLogs(stack: Stack, prefix: string, e: Environment, buckets: string[]) {
  const inventoryName = nameOf(prefix, 'inventory', e);
  const from = (names: string[]) => ({ 'aws:SourceArn': names.map((name) => `arn:aws:s3:::${name}`) });
  const logs = newBucket(stack, 'Logs', {
    ...e,
    pattern: 'sse-s3',
    name: nameOf(prefix, 'logs', e),
    bucketKey: false,
    rules,
    statements: (arn) => [
      allow('S3ServerAccessLogs', 's3:PutObject', `${arn}/*`, {
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Condition: { ArnLike: from([...buckets, inventoryName]), StringEquals: { 'aws:SourceAccount': e.account } },
      }),
    ],
    accept: ['NIST.800.53.R5-S3BucketReplicationEnabled', 'AwsSolutions-S1', 'NIST.800.53.R5-S3BucketLoggingEnabled', 'NIST.800.53.R5-S3DefaultEncryptionKMS'],
  });
  const keyArn = newKey(stack, 'InventoryKey', `SSE-KMS key of the log bucket ${inventoryName}`, e.account,
    allow('S3InventoryEncrypts', 'kms:GenerateDataKey', '*', {
      Principal: { Service: 's3.amazonaws.com' },
      Condition: { ArnLike: from(buckets), StringEquals: { 'aws:SourceAccount': e.account } },
    }));
  const inventory = newBucket(stack, 'Inventory', {
    ...e,
    pattern: 'sse-kms-cmk',
    name: inventoryName,
    keyArn,
    bucketKey: false,
    rules,
    logBucket: nameOf(prefix, 'logs', e),
    statements: (arn) => [
      allow('S3Inventory', 's3:PutObject', `${arn}/*`, {
        Principal: { Service: 's3.amazonaws.com' },
        Condition: {
          ArnLike: from(buckets),
          StringEquals: { 'aws:SourceAccount': e.account, 's3:x-amz-acl': 'bucket-owner-full-control' },
        },
      }),
    ],
    accept: ['NIST.800.53.R5-S3BucketReplicationEnabled'],
  });
  inventory.bucket.addResourceDependency(logs.policy);
  inventory.policy.addResourceDependency(logs.policy);
  new CfnOutput(stack, 'LogBucketName', { description: 'Bucket of the server access logs', value: logs.bucket.ref });
  new CfnOutput(stack, 'InventoryBucketName', { description: 'Bucket of the inventory lists', value: inventory.bucket.ref });
  new CfnOutput(stack, 'InventoryKeyArn', { description: 'Key of the inventory lists', value: keyArn });
}
