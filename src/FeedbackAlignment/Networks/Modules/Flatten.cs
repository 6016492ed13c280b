namespace FeedbackAlignment.Networks;

/// <summary>
/// Takes a picture as units in a row, in the order row, column, channel. Nothing is copied or computed; a dense layer does the same by
/// itself.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="from">The shape of the pictures.</param>
public sealed class Flatten(string name, Shape from) : Module(name, from, Shape.Flat(from.Size))
{
    /// <summary>Its line in a catalog.</summary>
    public static ModuleEntry Entry { get; } = new ModuleEntry<Flatten>(
        "flatten", "Takes a picture as units in a row, as a dense layer does by itself.", (planned, _) => new Flatten(planned.Name, planned.From))
    {
        NamePrefix = "flat",
        NeedsPicture = true,
        Outputs = planned => Shape.Flat(planned.Inputs),
    };

    /// <inheritdoc/>
    public override string Kind => "flatten";

    /// <inheritdoc/>
    public override ModuleRun Begin(RunSetup setup) => new FlattenRun();

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Kind} {From}-{To}";
}

/// <summary>It in one pass.</summary>
internal sealed class FlattenRun : ModuleRun
{
    /// <inheritdoc/>
    public override void Forward(Numerics.Matrix input, PassMode mode) => Output = input;

    /// <inheritdoc/>
    public override Numerics.Matrix Backward(Numerics.Matrix error, Walk walk, bool isWanted) => error;

    /// <inheritdoc/>
    internal override void ReleaseInput() => Output = default;
}
