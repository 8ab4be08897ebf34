// Package events is the local AWS's EventBridge: rules of the default event bus
// with event patterns, whose targets are topics, queues and functions.
//
// Services publish through [Service.Publish]. What a rule matches is counted, and
// goes to its targets once, if their policies let EventBridge in for the rule.
//
// Refused by name: PutEvents, other buses, schedules, archives, pipes, inputs of
// targets and their roles, and the operators of patterns that are not in
// pattern.go.
//
// Source: Amazon EventBridge API reference and user guide.
package events
