// Buckets, keys and log buckets.
import { CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Statement, accountAccess, denials, policyOf } from './policy';

export interface BucketProps {
  readonly pattern: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly keyArn?: string;
  readonly bucketKey: boolean;
  readonly logBucket?: string;
  readonly inventoryBucket?: string;
  readonly rules?: CfnBucket.RuleProperty[];
  readonly replication?: CfnBucket.ReplicationConfigurationProperty;
  readonly statements?: (arn: string) => Statement[];
  readonly accept: string[];
}

const algorithms: Record<string, string> = {
  'sse-s3': 'AES256', 'sse-c': 'AES256', 'sse-kms-aws': 'aws:kms', 'sse-kms-cmk': 'aws:kms', 'dsse-kms': 'aws:kms:dsse',
};

/** Says why findings of cdk-nag do not apply. */
export function accept(resource: CfnResource, ...ids: string[]) {
  resource.addMetadata('cdk_nag', {
    rules_to_suppress: ids.map((id) => ({ id, reason: `The rule ${id} does not apply to this resource, and the page says why.` })),
  });
}

export function retain(resource: CfnResource) {
  resource.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
}

export function newKey(scope: Construct, id: string, description: string, account: string, ...statements: Statement[]): string {
  const key = new CfnKey(scope, id, {
    description,
    enableKeyRotation: true,
    rotationPeriodInDays: 365,
    keyPolicy: policyOf(accountAccess(account), ...statements),
  });
  retain(key);
  return key.attrArn;
}

export function newBucket(scope: Stack, id: string, p: BucketProps) {
  const bucket = new CfnBucket(scope, id, {
    bucketName: p.name,
    bucketNamespace: 'account-regional',
    bucketEncryption: {
      serverSideEncryptionConfiguration: [{
        serverSideEncryptionByDefault: { sseAlgorithm: algorithms[p.pattern], kmsMasterKeyId: p.keyArn },
        bucketKeyEnabled: p.bucketKey,
        blockedEncryptionTypes: { encryptionType: [p.pattern === 'sse-c' ? 'NONE' : 'SSE-C'] },
      }],
    },
    lifecycleConfiguration: {
      rules: [
        { id: 'DiscardIncompleteUploads', status: 'Enabled', abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
        ...(p.rules ?? []),
      ],
    },
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
    },
    versioningConfiguration: { status: 'Enabled' },
    loggingConfiguration: p.logBucket ? { destinationBucketName: p.logBucket, logFilePrefix: `${p.name}/` } : undefined,
    inventoryConfigurations: p.inventoryBucket ? [inventory(p.inventoryBucket, p.account)] : undefined,
    replicationConfiguration: p.replication,
  });
  retain(bucket);
  accept(bucket, ...p.accept);
  const policy = new CfnBucketPolicy(scope, `${id}Policy`, {
    bucket: bucket.ref,
    policyDocument: policyOf(
      ...denials(bucket.attrArn, p.account, p.region, p.pattern, p.keyArn),
      ...(p.statements?.(bucket.attrArn) ?? []),
    ),
  });
  retain(policy);
  return { bucket, policy };
}

function inventory(bucket: string, account: string): CfnBucket.InventoryConfigurationProperty {
  return {
    id: 'AllVersions',
    enabled: true,
    includedObjectVersions: 'All',
    scheduleFrequency: 'Weekly',
    optionalFields: ['Size', 'LastModifiedDate', 'EncryptionStatus', 'BucketKeyStatus'],
    destination: { bucketArn: `arn:aws:s3:::${bucket}`, bucketAccountId: account, format: 'CSV' },
  };
}
