using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data;

/// <summary>
/// The shape of the images that the inputs are: channels × height × width numbers, channel by channel, each of them row by row.
/// </summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Channels">Numbers per pixel: 1 (gray), or 3 (red, green and blue).</param>
public readonly record struct ImageShape(int Height, int Width, int Channels = 1);

/// <summary>Examples in memory: inputs and what the network should answer.</summary>
public sealed partial class DataSet
{
    /// <summary>Examples with numbers as targets (regression).</summary>
    /// <param name="inputs">examples × inputs.</param>
    /// <param name="targets">examples × outputs.</param>
    /// <exception cref="ArgumentException">There are no examples, the numbers of examples differ, or a matrix is column-major.</exception>
    public DataSet(Matrix inputs, Matrix targets)
    {
        if (inputs.Rows == 0 || inputs.Rows != targets.Rows)
        {
            throw new ArgumentException($"inputs are {inputs.Shape} and targets {targets.Shape}: both need the same number of rows, at least one", nameof(targets));
        }

        inputs.RequireRowMajor(nameof(inputs));
        targets.RequireRowMajor(nameof(targets));
        Inputs = inputs;
        Targets = targets;
    }

    /// <summary>Examples with classes as targets: the targets are one-hot rows.</summary>
    /// <param name="inputs">examples × inputs.</param>
    /// <param name="labels">One class per example, 0 … <paramref name="classes"/> − 1.</param>
    /// <param name="classes">Number of classes, ≥ 1; with one there is nothing to learn.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes.</exception>
    /// <exception cref="ArgumentException">A label is out of range, or the numbers of examples differ.</exception>
    public DataSet(Matrix inputs, IReadOnlyList<int> labels, int classes)
        : this(inputs, OneHot(labels, classes)) => Labels = labels;

    /// <summary>examples × inputs.</summary>
    public Matrix Inputs { get; }

    /// <summary>examples × outputs.</summary>
    public Matrix Targets { get; }

    /// <summary>The class of each example; null where the task is regression.</summary>
    public IReadOnlyList<int>? Labels { get; private init; }

    /// <summary>The shape of the images that the inputs are, if they are images.</summary>
    public ImageShape? Image { get; init; }

    /// <summary>Number of examples.</summary>
    public int Count => Inputs.Rows;

    /// <summary>Consecutive examples, sharing this memory.</summary>
    /// <param name="start">The first example.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentException">The count is 0, or the examples are not all inside the set.</exception>
    public DataSet Slice(int start, int count) => new(Inputs.Slice(start, count), Targets.Slice(start, count))
    {
        Labels = Labels is null ? null : [.. Labels.Skip(start).Take(count)],
        Image = Image,
    };

    /// <summary>Adds to the identity of a training what is learned from: it looks at every number.</summary>
    internal void Identify(Identity identity)
    {
        identity.Add("examples", Count);
        identity.Add("classes", Labels is not null);
        identity.Add("content", Fingerprint.Of(Inputs, Targets));
    }

    /// <summary>Counts the examples of each class.</summary>
    /// <returns>One count for each class, 0 where it has no example here.</returns>
    /// <exception cref="InvalidOperationException">The targets are numbers, not classes.</exception>
    public int[] CountClasses()
    {
        var counts = new int[Targets.Columns];
        foreach (var label in Labels ?? throw new InvalidOperationException("the targets of the data set are numbers, not classes"))
        {
            counts[label]++;
        }

        return counts;
    }

    private static Matrix OneHot(IReadOnlyList<int> labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (classes < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(classes), classes, "a task of classes needs at least one");
        }

        var targets = new Matrix(labels.Count, classes);
        for (var example = 0; example < labels.Count; example++)
        {
            if ((uint)labels[example] >= (uint)classes)
            {
                throw new ArgumentException($"the label of example {example} is {labels[example]}, must be 0 … {classes - 1}", nameof(labels));
            }

            targets[example, labels[example]] = 1;
        }

        return targets;
    }
}
