using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data;

/// <content>How a data set is made from arrays, put in another order, and divided.</content>
public sealed partial class DataSet
{
    /// <summary>Examples of classes, from arrays.</summary>
    /// <param name="inputs">One row per example, e.g. a <c>float[][]</c>; copied.</param>
    /// <param name="labels">One class per example, 0 … <paramref name="classes"/> − 1.</param>
    /// <param name="classes">Number of classes. It is not guessed from the labels: some may have no example here.</param>
    /// <exception cref="ArgumentException">Rows differ in length, a label is out of range, or the numbers of examples differ.</exception>
    public static DataSet FromArrays(IReadOnlyList<float[]> inputs, IReadOnlyList<int> labels, int classes) => new(Matrix.From(inputs), labels, classes);

    /// <summary>Examples with several numbers as targets, from arrays.</summary>
    /// <param name="inputs">One row per example; copied.</param>
    /// <param name="targets">One row per example; copied.</param>
    /// <exception cref="ArgumentException">Rows differ in length, or the numbers of examples differ.</exception>
    public static DataSet FromArrays(IReadOnlyList<float[]> inputs, IReadOnlyList<float[]> targets) => new(Matrix.From(inputs), Matrix.From(targets));

    /// <summary>Examples with one number as target, from arrays.</summary>
    /// <param name="inputs">One row per example; copied.</param>
    /// <param name="targets">One number per example; copied.</param>
    /// <exception cref="ArgumentException">Rows differ in length, or the numbers of examples differ.</exception>
    public static DataSet FromArrays(IReadOnlyList<float[]> inputs, IReadOnlyList<float> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return new(Matrix.From(inputs), Matrix.From([.. targets], targets.Count, 1));
    }

    /// <summary>Some of the examples, copied, in the order that they are named in.</summary>
    /// <param name="examples">Indices from 0; at least one; an example may be named twice.</param>
    /// <exception cref="ArgumentException">No example is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such example.</exception>
    public DataSet Select(IReadOnlyList<int> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var (inputs, targets) = (new Matrix(examples.Count, Inputs.Columns), new Matrix(examples.Count, Targets.Columns));
        for (var row = 0; row < examples.Count; row++)
        {
            var example = Indices.Require(examples[row], Count, nameof(examples), nameof(examples));
            Inputs.Row(example).CopyTo(inputs.Row(row));
            Targets.Row(example).CopyTo(targets.Row(row));
        }

        return new DataSet(inputs, targets) { Labels = Labels is null ? null : [.. examples.Select(example => Labels[example])], Image = Image };
    }

    internal DataSet WithInputs(Matrix inputs) => new(inputs, Targets) { Labels = Labels, Image = Image };

    /// <summary>The examples in a random order, copied. The same seed gives the same order everywhere.</summary>
    /// <param name="seed">Any number.</param>
    public DataSet Shuffle(ulong seed)
    {
        var order = Enumerable.Range(0, Count).ToArray();
        new RandomStreams(seed).Child(RandomStreams.Data).Stream("shuffle").Shuffle(order);
        return Select(order);
    }

    /// <summary>
    /// Divides the examples at random into training, validation and test. Where they have classes, every part has each class's share as
    /// nearly as whole examples allow. The same seed gives the same parts everywhere; inside a part the examples keep their order.
    /// </summary>
    /// <param name="validation">Share of the validation examples, ≥ 0; 0: none.</param>
    /// <param name="test">Share of the test examples, ≥ 0; 0: none. The training part gets the rest.</param>
    /// <param name="seed">Any number.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A share is negative, no number, or leaves nothing to train on; or it is above 0 and comes to no example.
    /// </exception>
    public DataSplit Split(double validation = 0.1, double test = 0.2, ulong seed = 1)
    {
        var (validations, tests) = (Examples(validation, nameof(validation)), Examples(test, nameof(test)));
        if (validations + tests >= Count)
        {
            throw new ArgumentOutOfRangeException(nameof(test), test, $"of {Count} examples, {validations} for validation and {tests} for test leave none to train on");
        }

        var order = DivisionOrder(new RandomStreams(seed).Child(RandomStreams.Data).Stream("split"));
        return new DataSplit(
            Select([.. order.Skip(validations + tests).Order()]),
            validations == 0 ? null : Select([.. order.Skip(tests).Take(validations).Order()]),
            tests == 0 ? null : Select([.. order.Take(tests).Order()]));

        int Examples(double share, string name)
        {
            var count = share >= 0 && share < 1 ? (int)Math.Round(share * Count) : -1;
            return count > 0 || share == 0 ? count
                : throw new ArgumentOutOfRangeException(name, share, count < 0 ? "a share must be at least 0 and below 1" : $"the share of {Count} examples is none; ask for more, or for 0");
        }
    }

    /// <summary>
    /// A random order of which every stretch has the classes in their shares: the k-th of a class of n has the place (k + ½) ∕ n. Ties go
    /// by chance, else small parts would always get the first classes.
    /// </summary>
    private int[] DivisionOrder(RandomStream random)
    {
        var order = Enumerable.Range(0, Count).ToArray();
        random.Shuffle(order);
        if (Labels is null)
        {
            return order;
        }

        var sizes = Labels.CountBy(label => label).ToDictionary();
        var seen = new Dictionary<int, int>();
        var places = new double[Count];
        foreach (var example in order)
        {
            var label = Labels[example];
            seen[label] = seen.GetValueOrDefault(label) + 1;
            places[example] = (seen[label] - 0.5) / sizes[label];
        }

        // A stable sort: among equals the shuffled order decides.
        return [.. order.OrderBy(example => places[example])];
    }
}
