package policy

import "github.com/s3seal/s3seal/iam"

// A Verb is what a function does with the objects of its bucket. The function is
// the program in lambda/<verb>.
type Verb string

// The verbs.
const (
	VerbPut     Verb = "put"     // upload an object
	VerbGet     Verb = "get"     // read one, as the answer's JSON
	VerbHead    Verb = "head"    // say what an object is, without its body
	VerbList    Verb = "list"    // list objects or versions
	VerbDelete  Verb = "delete"  // put a delete marker on an object
	VerbCopy    Verb = "copy"    // copy an object within the bucket, and encrypt it anew
	VerbPresign Verb = "presign" // sign a URL with which whoever has it uploads or reads
	VerbStream  Verb = "stream"  // read an object of any size, as a stream of its bytes
)

// Verbs returns all verbs, in order.
func Verbs() []Verb {
	return []Verb{
		VerbPut, VerbGet, VerbHead, VerbList, VerbDelete, VerbCopy, VerbPresign, VerbStream,
	}
}

// Allow is what a function of the verb may do; nil for an unknown one.
func (o Objects) Allow(v Verb) []iam.Statement {
	switch v {
	case VerbPut:
		return o.Put()
	case VerbGet, VerbStream:
		return o.Get()
	case VerbHead:
		return o.Head()
	case VerbList:
		return o.List()
	case VerbDelete:
		return o.Delete()
	case VerbCopy:
		return o.Copy()
	case VerbPresign:
		return o.Presign()
	}
	return nil
}

// Head is what a head function may do. HEAD needs kms:Decrypt for checksums
// only, and the function asks for none.
// Source: AmazonS3/latest/API/API_HeadObject.html, "Permissions".
func (o Objects) Head() []iam.Statement {
	return o.withKeys([]iam.Statement{o.read(), o.tellMissing()}, nil)
}

// List is what a list function may do.
// Source: AmazonS3/latest/userguide/using-with-s3-policy-actions.html.
func (o Objects) List() []iam.Statement {
	return []iam.Statement{{
		Sid:      "ListObjects",
		Effect:   iam.Allow,
		Action:   iam.Strings{"s3:ListBucket", "s3:ListBucketVersions"},
		Resource: iam.Strings{o.BucketARN},
	}}
}

// Delete is what a delete function may do. There is no s3:DeleteObjectVersion:
// in a bucket with versions all that it deletes can be restored. A delete that
// names an ETag needs s3:GetObject.
// Source: AmazonS3/latest/userguide/conditional-deletes.html.
func (o Objects) Delete() []iam.Statement {
	return []iam.Statement{{
		Sid:      "DeleteObjects",
		Effect:   iam.Allow,
		Action:   iam.Strings{"s3:DeleteObject", "s3:GetObject"},
		Resource: iam.Strings{o.BucketARN + "/*"},
	}}
}

// Copy is what a copy function may do: read and write, with the tags, which
// need permissions of their own under every encryption. A conditional copy that is
// refused knows its own object as a put does. S3 copies annotations too, which
// fails without the permissions for them.
// Source: AmazonS3/latest/API/API_CopyObject.html, "Permissions",
// "TaggingDirective" and "AnnotationDirective".
func (o Objects) Copy() []iam.Statement {
	read := o.read()
	read.Action = iam.Strings{"s3:GetObject", "s3:GetObjectAnnotation", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionAnnotation", "s3:GetObjectVersionTagging"}
	write := o.write()
	write.Action = iam.Strings{"s3:PutObject", "s3:PutObjectAnnotation", "s3:PutObjectTagging"}
	statements := []iam.Statement{read, write, o.tellMissing(), o.findOwnVersion()}
	if o.SecretARN != "" {
		statements = append(statements, o.readEncryption())
	}
	return o.withKeys(statements, iam.Strings{"kms:Decrypt", "kms:GenerateDataKey"})
}

// Presign is what a presign function may do: what its URLs do, which act as its
// role.
// Source: AmazonS3/latest/userguide/using-presigned-url.html.
func (o Objects) Presign() []iam.Statement {
	return o.withKeys([]iam.Statement{o.read(), o.write(), o.tellMissing()}, iam.Strings{"kms:Decrypt", "kms:GenerateDataKey"})
}
