'use strict';
// What package resource asks of the CDK's kernel: each method is one call to it,
// where the CDK's own classes need a call for every constant, option and
// attribute. A path is a list of ids below the scope.
const cdk = require('aws-cdk-lib');
const { Construct } = require('constructs');

class Resources {
  // make makes a resource, and returns those of its attributes that are asked for.
  static make(scope, r) {
    const parent = within(scope, r.path.slice(0, -1));
    const props = r.code ? { ...r.props, code: asset(parent, r.code) } : r.props;
    const [module, name] = r.class.split('.');
    const made = new cdk[module][name](parent, r.path.at(-1), props);
    if (r.logicalId) made.overrideLogicalId(r.logicalId);
    if (r.retain) made.applyRemovalPolicy(cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    if (r.metadata) for (const [key, value] of Object.entries(r.metadata)) made.addMetadata(key, value);
    depend(made, scope, r.after);
    return (r.attributes ?? []).map((name) => made[name]);
  }

  // makeKey makes a key of the class that the CDK's own grants extend, and returns its
  // ARN.
  static makeKey(scope, path, { description, policy, rotationDays }) {
    return new cdk.aws_kms.Key(within(scope, path.slice(0, -1)), path.at(-1), {
      description,
      policy: cdk.aws_iam.PolicyDocument.fromJson(policy),
      enableKeyRotation: true,
      rotationPeriod: cdk.Duration.days(rotationDays),
      removalPolicy: cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    }).keyArn;
  }

  // makePolicy gives the bucket at scope/bucket/Resource its policy, of the class that the
  // CDK's own grants extend.
  static makePolicy(scope, bucket, document, after) {
    const parent = within(scope, [bucket]);
    const made = parent.node.findChild('Resource');
    const view = cdk.aws_s3.Bucket.fromBucketAttributes(parent, 'Bucket', { bucketArn: made.attrArn, bucketName: made.ref });
    view.policy = new cdk.aws_s3.BucketPolicy(parent, 'Policy', {
      bucket: view,
      document: cdk.aws_iam.PolicyDocument.fromJson(document),
      removalPolicy: cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    depend(view.policy, scope, after);
  }

  static makeOutputs(scope, outputs) {
    for (const { id, props } of outputs) new cdk.CfnOutput(scope, id, props);
  }

  // acknowledged are the rules of a plugin that constructs of an app acknowledge, as
  // JSON. Of several that do, the last counts, as for the CDK's own report.
  static acknowledged(app, plugin) {
    const found = {};
    for (const { node } of app.node.findAll()) {
      for (const { type, data, trace } of node.metadata) {
        if (type !== cdk.Validations.ACKNOWLEDGED_RULES_METADATA_KEY) continue;
        for (const [id, reason] of Object.entries(data ?? {})) {
          const [of, rule] = id.split('::');
          if (of === plugin) found[rule] = { reason, at: node.path, trace: trace?.join('\n') };
        }
      }
    }
    return JSON.stringify(found);
  }
}

// The kernel finds out by it what class it has been given.
Resources[Symbol.for('jsii.rtti')] = { fqn: 's3seal-resources.Resources', version: '1.0.0' };

// within is the construct at a path, made where it is missing.
function within(scope, path) {
  return path.reduce((at, id) => at.node.tryFindChild(id) ?? new Construct(at, id), scope);
}

// depend makes a construct wait for those at paths.
function depend(construct, scope, paths) {
  for (const path of paths ?? []) construct.node.addDependency(path.reduce((at, id) => at.node.findChild(id), scope));
}

// asset is where a folder is for the functions of a stack: they share it.
const assets = new WeakMap();
function asset(parent, folder) {
  const stack = cdk.Stack.of(parent);
  const known = assets.get(stack) ?? new Map();
  assets.set(stack, known);
  if (!known.has(folder)) {
    const made = new cdk.aws_s3_assets.Asset(parent, 'Code', { path: folder });
    known.set(folder, { s3Bucket: made.s3BucketName, s3Key: made.s3ObjectKey });
  }
  return known.get(folder);
}

module.exports = { Resources };
