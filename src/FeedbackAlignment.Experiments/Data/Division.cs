using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>
/// Divides the examples of files: validation examples come from the end of a shuffle of the training files that the data seed
/// decides, training examples from its beginning; test examples from the test files only.
/// </summary>
internal static class Division
{
    /// <summary>Of the training files' examples, one in so many is for validation: 5000 of MNIST's 60,000.</summary>
    private const int ValidationShare = 12;

    public static DataSplit Of(SourceExamples examples, DataSpec spec)
    {
        if (examples.Test is not { } tests || examples.Validation is not null)
        {
            throw new DataSourceException($"data: {examples.Description}: {(examples.Test is null ? "no test images; put some into test/CLASS/" : "validation images of their own are not read yet; put them into train/CLASS/")}");
        }

        var available = examples.Training.Count;
        var validation = spec.Validation ?? Math.Max(1, available / ValidationShare);
        var train = spec.Train ?? available - validation;
        if (train < 1 || validation > available - train)
        {
            throw new DataSourceException(
                $"data: {train} training and {validation} validation examples asked for, but {examples.Description}: the training files have {available} (data.train, data.validation)");
        }

        var test = spec.Test ?? tests.Count;
        if (test > tests.Count)
        {
            throw new DataSourceException($"data: {test} test examples asked for, but {examples.Description}: the test files have {tests.Count} (data.test)");
        }

        var streams = new RandomStreams(spec.Seed).Child(RandomStreams.Data);
        var order = Shuffled(available, streams.Stream("division"));
        // MNIST's first 5000 test pictures are easier than its last 5000: a smaller test is a random part, never the beginning.
        var tested = test == tests.Count ? tests : Pick(tests, Shuffled(tests.Count, streams.Stream("test")).AsSpan(0, test));
        return new DataSplit(Pick(examples.Training, order.AsSpan(0, train)), Pick(examples.Training, order.AsSpan(available - validation)), tested);
    }

    private static int[] Shuffled(int count, RandomStream stream)
    {
        var order = Enumerable.Range(0, count).ToArray();
        stream.Shuffle(order);
        return order;
    }

    private static DataSet Pick(DataSet from, ReadOnlySpan<int> chosen)
    {
        var inputs = new Matrix(chosen.Length, from.Inputs.Columns);
        var targets = new Matrix(chosen.Length, from.Targets.Columns);
        var labels = new int[chosen.Length];
        for (var example = 0; example < chosen.Length; example++)
        {
            from.Inputs.Row(chosen[example]).CopyTo(inputs.Row(example));
            from.Targets.Row(chosen[example]).CopyTo(targets.Row(example));
            labels[example] = from.Labels?[chosen[example]] ?? 0;
        }

        return from.Labels is null
            ? new DataSet(inputs, targets) { Image = from.Image }
            : new DataSet(inputs, labels, targets.Columns) { Image = from.Image };
    }
}
