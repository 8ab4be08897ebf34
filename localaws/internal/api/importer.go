package api

import "encoding/json"

// Importer is a [Provider] whose resources can come into a stack without being
// made: they exist already, and a change set of the type IMPORT names them.
//
// Source: CloudFormation user guide, import-resources-manually.
type Importer interface {
	// Identifier is the property that tells a resource of the type from all
	// others, such as BucketName: the type's primary identifier.
	Identifier() string
	// Find is the resource with that value of the identifier, in the account
	// and Region of the stack. It changes nothing. One that is not there, or is
	// about to be deleted, is an error.
	Find(s StackContext, value string) (Resource, error)
	// Import adds the stack's tags to the resource and keeps what Delete needs
	// to know of the properties. All else of the resource stays as it is, even
	// where the properties say otherwise.
	Import(s StackContext, r Resource, properties json.RawMessage) error
}
