using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>From a user's own files to examples that a network learns from: read, divided, brought to scale.</summary>
internal sealed class OwnData(DataSpec spec, int format)
{
    /// <summary>Inputs beyond this are far from what initial weights are made for.</summary>
    private const float Far = 10;

    /// <summary>Reads the data.</summary>
    public LoadedData Load()
    {
        var examples = OwnFiles.Load(spec.Source, spec, format);
        var remarks = examples.Remarks.ToList();
        var filled = examples.Spec ?? spec;
        filled = filled with { Standardize = filled.Standardize ?? Standardize(examples, filled) };
        var raw = Division.Of(examples, filled);
        remarks.AddRange(Divided(examples, raw));
        var schema = Preparation.Fit(examples.Schema! with { Resize = filled.Resize }, raw.Train, filled);
        Preparation.Apply(schema, raw.Train);
        foreach (var (name, part) in new[] { ("validation", raw.Validation), ("test", raw.Test) })
        {
            if (ScaleCheck.Compare(schema, part.Inputs, $"data: {name} inputs") is { } remark)
            {
                remarks.Add(remark);
            }

            Preparation.Apply(schema, part);
        }

        remarks.AddRange(Scales(schema, filled, raw.Train));
        var record = DataSources.Describe(examples.Description, raw) with { Schema = schema };
        return new LoadedData(raw, record, filled, remarks);
    }

    /// <summary>Tables are standardized; images are not, and neither is anything in a spec of version 0.1.</summary>
    private string Standardize(SourceExamples examples, DataSpec filled)
        => format < ExperimentSpec.CurrentFormat || filled.Scale is not null || examples.Schema!.Files is not ("csv" or "npy") ? StandardizeIds.None
        : examples.Schema.Image is not null ? OfImages(examples)
        : examples.Schema.Classification ? StandardizeIds.Inputs : StandardizeIds.InputsAndTargets;

    /// <summary>Images of numbers other than bytes have no range of their own.</summary>
    private static string OfImages(SourceExamples examples)
        => Preparation.Greatest(examples.Training.Inputs) <= 1 ? StandardizeIds.None : throw new DataSourceException(
            $"{examples.Description}: the images go up to {Preparation.Greatest(examples.Training.Inputs)}, and their type does not say "
                + "which value is white; choose --scale 0..255, or --standardize inputs, or --standardize none");

    private IEnumerable<string> Divided(SourceExamples examples, DataSplit split)
    {
        if (examples.Test is null)
        {
            yield return $"no test file: {split.Test.Count} examples were held back for the test, chosen by data.seed {spec.Seed}{(examples.Groups is not null ? ", in whole groups" : split.Test.Labels is not null ? ", the same share of every class" : "")}";
        }

        foreach (var (name, part) in new[] { ("test", split.Test), ("validation", split.Validation) })
        {
            if (Duplicates.Count(part, split.Train) is > 0 and var count)
            {
                yield return $"{count} of {part.Count} {name} examples have the inputs of a training example";
            }
        }

        if (examples.ClassNames is { } classes && split.Train.Labels is { } labels && Enumerable.Range(0, classes.Count).Except(labels).Select(place => classes[place]).ToList() is { Count: > 0 } without)
        {
            yield return $"no training example is of class {Listing.Some(without)}; data.train or the division removed them all";
        }
    }

    private static IEnumerable<string> Scales(DataSchema schema, DataSpec filled, DataSet train)
    {
        if (schema.Scale is [var from, var to])
        {
            yield return $"inputs from {from} … {to} to 0 … 1";
        }
        else if (schema.Inputs is { } inputs)
        {
            var constant = Enumerable.Range(0, inputs.Deviations.Count).Where(place => inputs.Deviations[place] == 0).Select(place => place < schema.InputNames.Count ? schema.InputNames[place] : $"{place + 1}").ToList();
            yield return $"inputs{(schema.Targets is null ? "" : " and targets")} standardized by the training "
                + $"examples{(constant.Count == 0 ? "" : $"; constant columns become 0: {Listing.Some(constant)}")}";
        }
        else if (schema.IsTable && filled.Standardize == StandardizeIds.None && Preparation.Greatest(train.Inputs) > Far)
        {
            yield return $"inputs are taken as they are, up to {Preparation.Greatest(train.Inputs)}; networks learn badly from such "
                + "large numbers; use --standardize inputs";
        }
    }
}
