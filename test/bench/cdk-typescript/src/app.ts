// The stages of a stages file that test/bench writes, each with all encryption
// patterns, a replica in another account, and the log buckets of both, as an app of
// the CDK in TypeScript: the same resources, by the same typed classes of
// CloudFormation's resources, and nothing that is not needed for them.
import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Stage, newStage } from './stage';

const app = new App();
for (const stage of JSON.parse(readFileSync(process.argv[2], 'utf8')) as Stage[]) {
  newStage(app, stage);
}
app.synth();
