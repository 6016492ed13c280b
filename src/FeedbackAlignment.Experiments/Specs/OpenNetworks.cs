using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>
/// Networks whose text leaves to the data what goes in: <c>lenet5</c>, or <c>conv 3x3 32 relu, dense 10</c>. Before the data are read their
/// shape is known for data that have a name; for others a shape stands in that they could have.
/// </summary>
internal static class OpenNetworks
{
    /// <summary>Shapes that stand in, the likeliest first. Twelve channels can be divided into many groups.</summary>
    private static readonly Shape[] _standIns = [new(32, 32, 3), new(28, 28, 1), new(224, 224, 3), new(64, 64, 12)];

    /// <summary>Reads a network, whatever data there will be.</summary>
    /// <param name="text">The text of a spec.</param>
    /// <param name="parts">What it can name.</param>
    /// <param name="mistake">What is wrong with it, where there is no plan.</param>
    public static NetworkPlan? Read(string text, NetworkParts parts, out string? mistake)
    {
        if (NetworkPlan.TryParse(text, parts, out var plan, out mistake) || !NetworkPlan.LeavesInput(text))
        {
            return plan;
        }

        mistake = null;
        foreach (var shape in _standIns)
        {
            if (NetworkPlan.TryParse(text, shape, NetworkPresets.Classes, parts, out plan, out var wrong))
            {
                mistake = null;
                return plan;
            }

            mistake ??= wrong;
        }

        return null;
    }

    /// <summary>The spec with all that its network takes from the data.</summary>
    /// <param name="spec">The spec; its text of the network may be wrong.</param>
    /// <param name="inputs">The shape of an example.</param>
    /// <param name="outputs">Classes or targets.</param>
    /// <param name="components">What it can name.</param>
    /// <param name="mistake">What is wrong with the network for these data; null: nothing.</param>
    public static ExperimentSpec Close(ExperimentSpec spec, Shape inputs, int outputs, Components components, out string? mistake)
    {
        mistake = null;
        return spec.Network?.Layers is not { } text || !NetworkPlan.LeavesInput(text) ? spec
            : !NetworkPlan.TryParse(text, inputs, outputs, components.Parts, out var plan, out mistake) ? spec
            : spec with { Network = spec.Network with { Layers = plan.ToString() } };
    }

    /// <summary>What examples and targets of data with a name are like; null: only the data say it.</summary>
    public static (Shape Inputs, int Outputs)? Known(string? source) => source switch
    {
        DataSourceIds.Digits or DataSourceIds.Mnist or DataSourceIds.FashionMnist
            => (new(DigitGenerator.Side, DigitGenerator.Side, 1), PublicDataSet.Classes),
        DataSourceIds.Shapes
            => (new(ShapeGenerator.Side, ShapeGenerator.Side, ShapeGenerator.Channels), ShapeGenerator.Classes),
        DataSourceIds.Cifar10 => (new(CifarFiles.Side, CifarFiles.Side, CifarFiles.Channels), PublicDataSet.Classes),
        DataSourceIds.Banded => (Shape.Flat(BandedPlane.Inputs), BandedPlane.Classes),
        _ => null,
    };
}
