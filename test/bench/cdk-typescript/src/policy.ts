// The statements of the policies.

export type Statement = Record<string, unknown>;

export const keyID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
export const algorithm = 's3:x-amz-server-side-encryption';
const customerAlgorithm = 's3:x-amz-server-side-encryption-customer-algorithm';

export function policyOf(...statements: Statement[]) {
  return { Statement: statements, Version: '2012-10-17' };
}

export function deny(Sid: string, Action: string | string[], Resource: string | string[], Condition: object): Statement {
  return { Action, Condition, Effect: 'Deny', Principal: '*', Resource, Sid };
}

export function allow(Sid: string, Action: string | string[], Resource: string | string[], more: object = {}): Statement {
  return { Action, Effect: 'Allow', Resource, Sid, ...more };
}

export function assumedBy(Service: string, Sid?: string): Statement {
  return { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service }, ...(Sid && { Sid }) };
}

export function accountAccess(account: string): Statement {
  return allow('AccountAccess', 'kms:*', '*', { Principal: { AWS: `arn:aws:iam::${account}:root` } });
}

/** What every bucket's policy begins with; which uploads it refuses depends on its encryption. */
export function denials(arn: string, account: string, region: string, pattern: string, keyArn?: string): Statement[] {
  const objects = `${arn}/*`;
  const write = ['s3:PutObject', 's3:ReplicateObject'];
  const strangers = { Bool: { 'aws:PrincipalIsAWSService': 'false' }, StringNotEquals: { 'aws:PrincipalAccount': account } };
  const named = { Null: { [keyID]: 'false' } };
  const own = [`arn:aws:kms:${region}:${account}:alias/aws/s3`, `arn:aws:kms:${region}:${account}:key/*`];
  const statements = [
    deny('DenyInsecureTransport', 's3:*', [arn, objects], { Bool: { 'aws:SecureTransport': 'false' } }),
    deny('DenyOldTLS', 's3:*', [arn, objects], { NumericLessThan: { 's3:TlsVersion': '1.2' } }),
    keyArn
      ? deny('DenyOtherKey', [...write, 's3:UpdateObjectEncryption'], objects, { ArnNotEquals: { [keyID]: keyArn }, ...named })
      : deny('DenyForeignKey', [...write, 's3:UpdateObjectEncryption'], objects, { ArnNotLike: { [keyID]: own }, ...named }),
    pattern === 'sse-kms-aws'
      ? deny('DenyOtherAccounts', write, objects, strangers)
      : deny('DenyForeignAWSManagedKey', write, objects, {
          ...strangers, Null: { [keyID]: 'true' }, StringEquals: { [algorithm]: ['aws:kms', 'aws:kms:dsse'] },
        }),
  ];
  if (pattern !== 'sse-c') {
    return [...statements, deny('DenySSEC', write, objects, { Null: { [customerAlgorithm]: 'false' } })];
  }
  return [
    ...statements,
    deny('RequireSSEC', 's3:PutObject', objects, { Null: { [customerAlgorithm]: 'true' } }),
    deny('RequireSSECReplicas', 's3:ReplicateObject', objects, { Null: { [algorithm]: 'false' } }),
  ];
}

/** Lets a key be used through S3 for a bucket. */
export function throughS3(region: string, bucket: string) {
  return {
    StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
    StringLike: { 'kms:EncryptionContext:aws:s3:arn': [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`] },
  };
}
