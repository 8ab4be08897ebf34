// Package resourcetype has CloudFormation's schemas of the resource types that
// the rules read: their properties, which of them are required, the kinds and
// enumerations of values, and the attributes that Fn::GetAtt gives.
//
//	t := resourcetype.Named("AWS::S3::Bucket")
//	problems := t.Check(properties)
//
// The data is as old as [Date]: what AWS has added since is unlike any known
// word, and a [Problem] tells it apart from a misspelt one. schemas.txt is made
// by generate.py (make schemas); it holds one property a line.
//
// # What isn't checked
//
// Patterns, lengths, and which properties go together. A value that is an
// [Unknown] passes.
package resourcetype
