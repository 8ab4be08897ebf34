package stage

import (
	"maps"
	"slices"
)

// regions maps every AWS Region to its partition. Source: endpoints.json of
// botocore 1.43.11, read in November 2026; its partitions.json agrees. A Region that AWS
// has opened since is refused until a line is added here: a typing error that
// passes as a Region would only be found in the middle of a deployment.
var regions = map[string]string{
	"af-south-1":      "aws",
	"ap-east-1":       "aws",
	"ap-east-2":       "aws",
	"ap-northeast-1":  "aws",
	"ap-northeast-2":  "aws",
	"ap-northeast-3":  "aws",
	"ap-south-1":      "aws",
	"ap-south-2":      "aws",
	"ap-southeast-1":  "aws",
	"ap-southeast-2":  "aws",
	"ap-southeast-3":  "aws",
	"ap-southeast-4":  "aws",
	"ap-southeast-5":  "aws",
	"ap-southeast-6":  "aws",
	"ap-southeast-7":  "aws",
	"ca-central-1":    "aws",
	"ca-west-1":       "aws",
	"eu-central-1":    "aws",
	"eu-central-2":    "aws",
	"eu-north-1":      "aws",
	"eu-south-1":      "aws",
	"eu-south-2":      "aws",
	"eu-west-1":       "aws",
	"eu-west-2":       "aws",
	"eu-west-3":       "aws",
	"il-central-1":    "aws",
	"me-central-1":    "aws",
	"me-south-1":      "aws",
	"mx-central-1":    "aws",
	"sa-east-1":       "aws",
	"us-east-1":       "aws",
	"us-east-2":       "aws",
	"us-west-1":       "aws",
	"us-west-2":       "aws",
	"cn-north-1":      "aws-cn",
	"cn-northwest-1":  "aws-cn",
	"us-gov-east-1":   "aws-us-gov",
	"us-gov-west-1":   "aws-us-gov",
	"us-iso-east-1":   "aws-iso",
	"us-iso-west-1":   "aws-iso",
	"us-isob-east-1":  "aws-iso-b",
	"us-isob-west-1":  "aws-iso-b",
	"eu-isoe-west-1":  "aws-iso-e",
	"us-isof-east-1":  "aws-iso-f",
	"us-isof-south-1": "aws-iso-f",
	"eusc-de-east-1":  "aws-eusc",
}

// dnsSuffixes maps every partition to the suffix of its DNS names. Source: as
// for regions.
var dnsSuffixes = map[string]string{
	"aws":        "amazonaws.com",
	"aws-cn":     "amazonaws.com.cn",
	"aws-us-gov": "amazonaws.com",
	"aws-iso":    "c2s.ic.gov",
	"aws-iso-b":  "sc2s.sgov.gov",
	"aws-iso-e":  "cloud.adc-e.uk",
	"aws-iso-f":  "csp.hci.ic.gov",
	"aws-eusc":   "amazonaws.eu",
}

// Partition returns the environment's partition, such as "aws" or "aws-cn", and
// "" for a Region that isn't one.
func (e Environment) Partition() string { return regions[e.Region] }

// DNSSuffix returns the suffix of the partition's DNS names, such as
// "amazonaws.com", and "" for a Region that isn't one.
func (e Environment) DNSSuffix() string { return dnsSuffixes[e.Partition()] }

func regionNames() []string { return slices.Sorted(maps.Keys(regions)) }
