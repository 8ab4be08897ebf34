// Package cfn is CloudFormation's template language: [Decode] reads JSON and
// YAML, and an [Evaluator] computes the intrinsic functions.
//
// What a template refers to is answered by a [Lookup]. Package template answers
// with what is known before a deployment, the local CloudFormation with the
// resources that it made. Both use the same evaluator.
//
// # Values
//
// Values are string, bool, [encoding/json.Number], []any and map[string]any.
// Numbers keep the text that they have in the template.
//
// # Errors
//
// A template that is wrong (a reference to nothing, a cycle, a wrong argument)
// gives an [*Error]; what the evaluator can't know (a dynamic reference, a
// macro) gives an [*UnknownError]. What a Lookup returns comes back as it is,
// or, where a reference led there, as the cause within one of the two.
package cfn
