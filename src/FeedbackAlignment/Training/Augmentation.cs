using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>
/// Random changes of pictures each time that a network learns from one (He et al. 2016, for CIFAR-10). Evaluations, instruments and
/// predictions see pictures as they are. Draws have streams of their own, so all rules see the same changes under one seed, and nothing
/// else that is random changes.
/// </summary>
public sealed record Augmentation
{
    /// <summary>
    /// Zeros put around each channel on all four sides, ≥ 0; a window of the old size is then cut out at a random place. They are zeros of
    /// the inputs as the network takes them: of standardized inputs, the mean. Less than the height and the width.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int Crop
    {
        get;
        init => field = value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "zeros around a picture must be ≥ 0");
    }

    /// <summary>Whether a picture is turned left to right with probability ½.</summary>
    public bool Flip { get; init; }

    /// <summary>Whether there is anything to do.</summary>
    internal bool Changes => this is { Crop: not 0 } or { Flip: true };

    /// <summary>What is wrong with it for examples of a shape; null: nothing.</summary>
    /// <param name="example">The shape of an example.</param>
    /// <param name="isCrop">Whether it is the crop that is wrong.</param>
    internal string? Objection(Shape example, out bool isCrop)
    {
        isCrop = example.IsPicture && Crop > 0;
        return !Changes ? null
            : !example.IsPicture ? "needs pictures, but an example of these data has no height and width"
            : Math.Min(example.Height, example.Width) is var side && Crop >= side
                ? $"must be < {side}, the lesser side of pictures of {example}, or a window could miss the whole picture; was {Crop}"
            : null;
    }

    /// <summary>Adds its settings to the identity of a training, if it has any: states from before there were any fit.</summary>
    /// <param name="identity">Receives them.</param>
    /// <param name="image">What the pictures are, for that decides what goes where.</param>
    internal void Identify(Identity identity, ImageShape? image)
    {
        if (Changes)
        {
            identity.Add("crop", Crop);
            identity.Add("flip", Flip);
            identity.Add("picture", ShapeOf(image).ToString());
        }
    }

    /// <summary>What does it to training examples; null if there is nothing to do.</summary>
    /// <param name="examples">The training examples.</param>
    /// <param name="streams">The run's random numbers.</param>
    /// <exception cref="ArgumentException">The examples are no pictures, or the crop does not suit them.</exception>
    internal Augmenter? Of(DataSet examples, RandomStreams streams)
    {
        var shape = examples.Image is null ? Shape.Flat(examples.Inputs.Columns) : ShapeOf(examples.Image);
        if (Changes && shape.Size != examples.Inputs.Columns)
        {
            throw new ArgumentException(
                $"{nameof(TrainingOptions.Augmentation)} needs to know the pictures, but {nameof(DataSet)}.{nameof(DataSet.Image)} says "
                + $"{shape}, and an example has {examples.Inputs.Columns} inputs", nameof(examples));
        }

        return Objection(shape, out var isCrop) is { } objection
            ? throw new ArgumentException(
                $"{nameof(TrainingOptions.Augmentation)}{(isCrop ? $".{nameof(Crop)}" : "")} {objection}"
                + (isCrop ? "" : $"; set {nameof(DataSet)}.{nameof(DataSet.Image)} if they are pictures"), nameof(examples))
            : Changes ? new Augmenter(this, shape, streams) : null;
    }

    private static Shape ShapeOf(ImageShape? image)
        => image is var (height, width, channels) ? new Shape(height, width, channels) : default;
}
