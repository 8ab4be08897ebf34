// The stacks of one stage.
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { newBucket, newKey } from './bucket';
import { newFunctions } from './functions';
import { Environment, nameOf, newLogs } from './logs';
import { newReplica, newSource } from './replication';

export interface Stage {
  readonly name: string;
  readonly prefix: string;
  readonly source: Environment;
  readonly replica: Environment;
  readonly code: string; // the folder of the built functions
}

const patterns: Record<string, string> = {
  SseS3: 'sse-s3', SseKmsAwsManaged: 'sse-kms-aws', SseKmsCmk: 'sse-kms-cmk', DsseKms: 'dsse-kms', SseC: 'sse-c',
};

export function newStage(app: App, s: Stage) {
  const newStack = (name: string, e: Environment, ...after: Stack[]) => {
    const stack = new Stack(app, `${s.name}-${name}`, {
      description: `${s.name}: ${name}`, env: e, tags: { 'bench:stage': s.name },
    });
    for (const other of after) stack.addStackDependency(other, 'what it has must exist before');
    return stack;
  };
  const buckets = Object.values(patterns).map((pattern) => nameOf(s.prefix, pattern, s.source));
  const logs = newStack('logs', s.source);
  newLogs(logs, s.prefix, s.source, [...buckets, nameOf(s.prefix, 'source', s.source)]);

  newBuckets(newStack('buckets', s.source, logs), s);

  const replicaLogs = newStack('replicalogs', s.replica);
  newLogs(replicaLogs, s.prefix, s.replica, [nameOf(s.prefix, 'replica', s.replica)]);
  const replica = newStack('replica', s.replica, replicaLogs);
  const replicaKeyArn = newReplica(replica, s.prefix, s.source, s.replica);
  newSource(newStack('replication', s.source, replica, logs), s.prefix, s.source, s.replica, replicaKeyArn);
}

function newBuckets(stack: Stack, s: Stage) {
  for (const [id, pattern] of Object.entries(patterns)) {
    const name = nameOf(s.prefix, pattern, s.source);
    let keyArn: string | undefined;
    if (pattern === 'sse-kms-cmk' || pattern === 'dsse-kms') {
      keyArn = newKey(stack, `${id}Key`, `KMS key of the bucket ${name}`, s.source.account);
      new CfnOutput(stack, `${id}KeyArn`, { description: `Key of the ${pattern} bucket`, value: keyArn });
    }
    const { bucket } = newBucket(stack, id, {
      ...s.source,
      pattern,
      name,
      keyArn,
      bucketKey: pattern === 'sse-kms-aws' || pattern === 'sse-kms-cmk',
      logBucket: nameOf(s.prefix, 'logs', s.source),
      inventoryBucket: nameOf(s.prefix, 'inventory', s.source),
      accept: ['NIST.800.53.R5-S3BucketReplicationEnabled', 'NIST.800.53.R5-S3DefaultEncryptionKMS'],
    });
    if (pattern === 'sse-c') {
      newFunctions(stack, bucket, s.code);
    }
    new CfnOutput(stack, `${id}Bucket`, { description: `Bucket with ${pattern}; try: aws s3 cp FILE s3://<value>`, value: bucket.ref });
  }
}
