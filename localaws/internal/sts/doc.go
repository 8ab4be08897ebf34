// Package sts is the Security Token Service of the local AWS:
// GetCallerIdentity and AssumeRole for clients, and for the other services
// sessions of the roles that they work with.
//
// Both sides decide: the role's trust policy must let the caller in, and a
// caller of another account, or one that the trust policy admits only through
// its account, needs sts:AssumeRole in its own policies too. Session tags,
// source identities and MFA are refused by name.
package sts
