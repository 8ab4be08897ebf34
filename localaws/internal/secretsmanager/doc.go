// Package secretsmanager is AWS Secrets Manager as far as this program needs
// it: secrets, their versions and staging labels, generated values, resource
// policies and rotation, in memory.
//
// A [Service] answers the AWS JSON 1.1 protocol (X-Amz-Target
// secretsmanager.*) and makes AWS::SecretsManager::Secret, ResourcePolicy and
// RotationSchedule for CloudFormation.
//
// Every value is encrypted with a data key of the secret's KMS key, and the
// KMS calls are made in the name of the caller with kms:ViaService
// secretsmanager.REGION.amazonaws.com and the encryption context SecretARN and
// SecretVersionId. So key policy, resource policy and identity policies decide
// together, as in AWS: who may read the secret but not use the key is told
// "Access to KMS is not allowed".
//
// Two things are not as in AWS. A rotation runs while RotateSecret waits for
// it, and a rotation that fails is an error of that call, because nobody would
// look for it elsewhere. No rotation starts on its schedule: the schedule is
// stored and shown only.
//
// Refused by name: replicas, managed external secrets, hosted rotation
// functions.
//
// Source: Secrets Manager user guide and API reference; each rule names its
// page.
package secretsmanager
