// The two halves of the replication.
import { CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { accept, newBucket, newKey } from './bucket';
import { Environment, nameOf } from './logs';
import { algorithm, allow, assumedBy, deny, keyID, policyOf, throughS3 } from './policy';

const replicated = ['NIST.800.53.R5-S3BucketReplicationEnabled'];

export function newReplica(stack: Stack, prefix: string, source: Environment, replica: Environment): string {
  const name = nameOf(prefix, 'replica', replica);
  const objects = `arn:aws:s3:::${name}/*`;
  const role = { 'aws:PrincipalArn': `arn:aws:iam::${source.account}:role/${prefix}-replication` };
  const Principal = { AWS: `arn:aws:iam::${source.account}:root` };
  const keyArn = newKey(stack, 'ReplicaKey', `SSE-KMS key of the replica bucket ${name}`, replica.account,
    allow('EncryptReplicas', ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'], '*', {
      Principal, Condition: { ArnEquals: role, ...throughS3(replica.region, name) },
    }));
  const { bucket } = newBucket(stack, 'Replica', {
    ...replica,
    pattern: 'sse-kms-cmk',
    name,
    keyArn,
    bucketKey: true,
    logBucket: nameOf(prefix, 'logs', replica),
    inventoryBucket: nameOf(prefix, 'inventory', replica),
    statements: () => [
      allow('AdmitReplicas', ['s3:ReplicateObject', 's3:ReplicateTags'], objects, { Principal, Condition: { ArnEquals: role } }),
      deny('DenyKeylessReplicas', 's3:ReplicateObject', objects, {
        Null: { [keyID]: 'true' }, StringEquals: { [algorithm]: ['aws:kms', 'aws:kms:dsse'] },
      }),
      deny('DenyOtherReplicas', 's3:ReplicateObject', objects, {
        Null: { [algorithm]: 'false' }, StringNotEquals: { [algorithm]: 'aws:kms' },
      }),
    ],
    accept: replicated,
  });
  new CfnOutput(stack, 'ReplicaBucketName', { description: 'Bucket of the replicas', value: bucket.ref });
  new CfnOutput(stack, 'ReplicaKeyArn', { description: 'Key of the replicas', value: keyArn });
  return keyArn;
}

export function newSource(stack: Stack, prefix: string, source: Environment, replica: Environment, replicaKeyArn: string) {
  const name = nameOf(prefix, 'source', source);
  const replicaName = nameOf(prefix, 'replica', replica);
  const arn = `arn:aws:s3:::${name}`;
  const keyArn = newKey(stack, 'SourceKey', `KMS key of the bucket ${name}`, source.account);
  const role = new CfnRole(stack, 'ReplicationRole', {
    roleName: `${prefix}-replication`,
    description: `S3 assumes it to replicate ${name}`,
    assumeRolePolicyDocument: policyOf(assumedBy('s3.amazonaws.com', 'ReplicationByS3')),
    policies: [{
      policyName: 'Replicate',
      policyDocument: policyOf(
        allow('ReadReplicationConfiguration', ['s3:GetReplicationConfiguration', 's3:ListBucket'], arn),
        allow('ReadSourceVersions', [
          's3:GetObjectVersionAcl', 's3:GetObjectVersionAnnotationForReplication', 's3:GetObjectVersionForReplication', 's3:GetObjectVersionTagging',
        ], `${arn}/*`),
        allow('WriteReplicas', ['s3:ReplicateObject', 's3:ReplicateTags'], `arn:aws:s3:::${replicaName}/*`),
        allow('DecryptSource', 'kms:Decrypt', keyArn, { Condition: throughS3(source.region, name) }),
        allow('EncryptReplicas', ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'], replicaKeyArn, {
          Condition: throughS3(replica.region, replicaName),
        }),
      ),
    }],
  });
  accept(role, 'AwsSolutions-IAM5', 'NIST.800.53.R5-IAMNoInlinePolicy');
  const { bucket } = newBucket(stack, 'Source', {
    ...source,
    pattern: 'sse-kms-cmk',
    name,
    keyArn,
    bucketKey: true,
    logBucket: nameOf(prefix, 'logs', source),
    inventoryBucket: nameOf(prefix, 'inventory', source),
    replication: {
      role: role.attrArn,
      rules: [{
        id: 'ReplicateAll',
        status: 'Enabled',
        priority: 1,
        filter: { prefix: '' },
        deleteMarkerReplication: { status: 'Disabled' },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
        destination: {
          account: replica.account,
          bucket: `arn:aws:s3:::${replicaName}`,
          encryptionConfiguration: { replicaKmsKeyId: replicaKeyArn },
          metrics: { status: 'Enabled' },
        },
      }],
    },
    statements: (bucketArn) => {
      const put = ['s3:PutObject', 's3:UpdateObjectEncryption'];
      return [
        deny('DenyOtherEncryption', put, `${bucketArn}/*`, { Null: { [algorithm]: 'false' }, StringNotEquals: { [algorithm]: 'aws:kms' } }),
        deny('DenyAWSManagedKey', put, `${bucketArn}/*`, { Null: { [keyID]: 'true' }, StringEquals: { [algorithm]: 'aws:kms' } }),
      ];
    },
    accept: replicated,
  });
  new CfnOutput(stack, 'SourceBucketName', { description: 'Bucket that is replicated', value: bucket.ref });
}
