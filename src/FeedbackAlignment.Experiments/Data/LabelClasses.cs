using System.Globalization;
using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>Classes that files give as whole numbers: each number that a training example has is a class, in the order of size.</summary>
internal static class LabelClasses
{
    /// <summary>More classes than this were a mistake in a file of labels, in version 0.1.</summary>
    private const int MostCounted = 100_000;

    /// <summary>The names of the classes.</summary>
    /// <param name="labels">The labels of the training examples.</param>
    /// <param name="source">Their file.</param>
    /// <param name="task">What the spec says is to be learned, if anything.</param>
    /// <exception cref="DataSourceException">There is one class only, or hardly an example for each.</exception>
    public static string[] Of(IReadOnlyList<long> labels, string source, string? task)
    {
        long[] different = [.. labels.Distinct().Order()];
        if (different.Length == 1)
        {
            throw OneClass(labels, source);
        }

        if (2 * different.Length > labels.Count && task != TaskIds.Classify)
        {
            throw new DataSourceException(
                $"{source}: there are {different.Length} different labels for {labels.Count} examples; use --task classify if each is a "
                    + "class, or save amounts as train-targets.npy and test-targets.npy");
        }

        return [.. different.Select(label => label.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>
    /// The names of the classes as version 0.1 counted them: every number from 0 to the greatest label of the training and test files,
    /// whether it occurs or not.
    /// </summary>
    /// <param name="labels">The labels of the training examples.</param>
    /// <param name="others">The labels of the test examples.</param>
    /// <param name="source">The training file.</param>
    /// <exception cref="DataSourceException">There is one class only, or a label is no such number.</exception>
    public static string[] Counted(IReadOnlyList<long> labels, IReadOnlyList<long> others, string source)
    {
        long[] all = [.. labels, .. others];
        var (least, greatest) = (all.Min(), all.Max());
        return least < 0 || greatest >= MostCounted ? throw new DataSourceException($"{source}: labels are {least} … {greatest}, in a spec of version 0.1 they must be 0 … {MostCounted - 1}; say \"format\": {ExperimentSpec.CurrentFormat} in the spec")
            : labels.Distinct().Count() == 1 ? throw OneClass(labels, source)
            : [.. Enumerable.Range(0, (int)greatest + 1).Select(label => label.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The places of labels among the classes.</summary>
    /// <exception cref="DataFormatException">
    /// A label is none of the classes, or examples × classes take more memory than may be used.
    /// </exception>
    public static int[] Places(IReadOnlyList<long> labels, IReadOnlyList<string> classes, string source)
    {
        // One output for each class, in a matrix of all examples.
        MemoryBudget.RequireMatrix(labels.Count, classes.Count, source);
        var places = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        return [.. labels.Index().Select(label => places.TryGetValue(label.Item.ToString(CultureInfo.InvariantCulture), out var place) ? place : throw new DataFormatException(
            source, null, $"the label of example {label.Index} is {label.Item}, which is not a class of the training examples; it must "
                + $"be one of {Listing.Some(classes)}"))];
    }

    private static DataSourceException OneClass(IReadOnlyList<long> labels, string source)
        => new($"{source}: all {labels.Count} examples have the same class, {labels[0]}: there is nothing to learn");
}
