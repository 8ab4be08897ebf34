// Package configuration is what can be set on a bucket: the documents of the
// REST API, the properties of CloudFormation that say the same, what S3 refuses
// of them, and what they mean for an object.
package configuration
