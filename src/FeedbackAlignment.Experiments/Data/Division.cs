using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>
/// Divides the examples of files. Without files of their own, validation examples come from the end of a shuffle of the training files
/// that the data seed decides, and test examples, if need be, from it too: of every class the same share, and never a part of a group.
/// </summary>
internal static class Division
{
    /// <summary>
    /// Of the training files' examples, one in so many is for validation: 5000 of MNIST's 60,000. And, where no file has them, for the
    /// test.
    /// </summary>
    private const int ValidationShare = 12, TestShare = 5;

    public static DataSplit Of(SourceExamples examples, DataSpec spec)
    {
        var streams = new RandomStreams(spec.Seed).Child(RandomStreams.Data);
        var all = examples.Training;
        var rest = Enumerable.Range(0, all.Count).ToArray();
        DataSet test;
        if (examples.Test is { } tests)
        {
            test = Part(tests, spec.Test, "test", examples.Description, streams.Stream("test"));
        }
        else
        {
            var chosen = Choose(examples, rest, spec.Test ?? Math.Max(1, all.Count / TestShare), "test", streams.Stream("division/test"));
            rest = [.. rest.Except(chosen)];
            test = all.Select(chosen);
        }

        var wanted = spec.Validation ?? Math.Max(1, rest.Length / ValidationShare);
        if (examples.Validation is { } validations)
        {
            var validation = Part(validations, spec.Validation, "validation", examples.Description, streams.Stream("validation"));
            return new DataSplit(Train(Shuffled(rest, streams.Stream("division")), 0), validation, test);
        }

        if (examples.Test is not null && examples.Groups is null)
        {
            var order = Shuffled(rest, streams.Stream("division"));
            return new DataSplit(Train(order, wanted), all.Select(order[Math.Max(0, order.Length - wanted)..]), test);
        }

        var held = Choose(examples, rest, wanted, "validation", streams.Stream("division/validation"));
        return new DataSplit(Train(Shuffled([.. rest.Except(held)], streams.Stream("division")), 0), all.Select(held), test);

        DataSet Train(int[] order, int held)
        {
            var train = spec.Train ?? order.Length - held;
            return train >= 1 && held <= order.Length - train ? all.Select(order[..train]) : throw new DataSourceException(
                $"data: {train} training and {wanted} validation examples asked for, but {examples.Description}: the training files have {all.Count} (data.train, data.validation)");
        }
    }

    /// <summary>All examples of a file, or a random part of them: MNIST's first 5000 test pictures are easier than its last 5000.</summary>
    private static DataSet Part(DataSet of, int? asked, string name, string description, RandomStream stream)
    {
        var count = asked ?? of.Count;
        return count > of.Count ? throw new DataSourceException($"data: {count} {name} examples asked for, but {description}: the {name} files have {of.Count} (data.{name})")
            : count == of.Count ? of
            : of.Select(Shuffled([.. Enumerable.Range(0, of.Count)], stream)[..count]);
    }

    /// <summary>Chooses examples that are held back: whole groups, or of each class the same share.</summary>
    private static int[] Choose(SourceExamples examples, int[] from, int count, string name, RandomStream stream)
    {
        if (count < 1 || count >= from.Length)
        {
            throw new DataSourceException($"data: {count} {name} examples asked for, but {examples.Description} has only {from.Length} to divide (data.{name})");
        }

        var order = Shuffled(from, stream);
        return examples.Groups is { } groups ? WholeGroups(groups, order, count, name, examples.Description)
            : examples.Training.Labels is { } labels ? OfEachClass(labels, order, count)
            : [.. order.Take(count).Order()];
    }

    private static int[] WholeGroups(IReadOnlyList<string> groups, int[] order, int count, string name, string description)
    {
        var byGroup = order.GroupBy(example => groups[example]).ToList();
        var chosen = new List<int>();
        foreach (var group in byGroup.TakeWhile(_ => chosen.Count < count))
        {
            chosen.AddRange(group);
        }

        return chosen.Count < order.Length ? [.. chosen.Order()] : throw new DataSourceException(
            $"data.group (--group): {description} has {byGroup.Count} groups, too few to hold back {count} {name} examples and to leave a group for training");
    }

    /// <summary>The greatest remainders get what rounding leaves; each class keeps an example.</summary>
    private static int[] OfEachClass(IReadOnlyList<int> labels, int[] order, int count)
    {
        var classes = order.GroupBy(example => labels[example]).OrderBy(group => group.Key).Select(group => group.ToArray()).ToArray();
        int[] shares = [.. classes.Select(members => (int)((long)members.Length * count / order.Length))];
        var byRemainder = Enumerable.Range(0, classes.Length).OrderByDescending(index => (long)classes[index].Length * count % order.Length).ToArray();
        for (var turn = 0; shares.Sum() < count; turn++)
        {
            var index = byRemainder[turn % classes.Length];
            shares[index] += shares[index] < classes[index].Length - 1 || turn >= classes.Length * count ? 1 : 0;
        }

        return [.. classes.Zip(shares).SelectMany(pair => pair.First.Take(pair.Second)).Order()];
    }

    private static int[] Shuffled(int[] examples, RandomStream stream)
    {
        stream.Shuffle(examples);
        return examples;
    }
}
