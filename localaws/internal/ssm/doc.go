// Package ssm is Parameter Store of the local AWS: parameters of the types
// String and StringList, as the CDK's bootstrap stack keeps its version in.
//
// SecureString, the tiers above Standard, parameter policies, labels and
// history are refused by name; a parameter keeps its latest version only.
//
// Source: Systems Manager API reference, GetParameter, GetParameters,
// PutParameter, DeleteParameter.
package ssm
