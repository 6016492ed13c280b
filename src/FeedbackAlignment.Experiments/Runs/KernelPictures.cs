using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>Kernels of a trained network as a report draws them.</summary>
internal static class KernelPictures
{
    /// <summary>Filters of one channel or in color that are recorded; of others, which take a picture for each channel, fewer.</summary>
    public const int MostFilters = 64, MostFiltersOfChannels = 16;

    /// <summary>Channels that are recorded where they are no colors.</summary>
    public const int MostChannels = 8;

    /// <summary>Numbers of a layer that are recorded: a record stays short, however large the kernels are.</summary>
    public const int MostNumbers = 1 << 16;

    private const int Zero = 128, Most = 127;

    /// <summary>The kernels of the first layer with weights; null where it is no convolution, or a weight is not a finite number.</summary>
    public static KernelRecord? OfFirstLayer(Network network)
        => network.Layers[0] is { Map: ConvolutionMap map } layer
            ? Draw(layer.Name, layer.Weights.Read(), map.Options.Kernel, map is { From.Channels: 3, Options.Groups: 1 })
            : null;

    /// <summary>What a run leaves behind; null where the first layer is no convolution, or a weight of it is not a finite number.</summary>
    /// <param name="start">The kernels that training began with; null: there is nothing to draw.</param>
    /// <param name="rule">The run's rule, and its network with the weights that are kept.</param>
    public static KernelsRecord? Of(KernelRecord? start, LearningRule rule)
    {
        if (start is null || OfFirstLayer(rule.Network) is not { } kept)
        {
            return null;
        }

        var (feedback, forward) = rule.Feedback.LastOrDefault(path => path.To == 0) is { } path ? OfPath(path, rule.Network) : default;
        return new KernelsRecord { Start = start, Kept = kept, Feedback = feedback, Forward = forward };
    }

    private static (KernelRecord? Feedback, KernelRecord? Forward) OfPath(FeedbackPath path, Network network)
    {
        if (path.Site is not { } site)
        {
            // From the layer above: B has the shape of that layer's weights.
            var above = network.Layers[path.From];
            return above.Map is ConvolutionMap { Options.Kernel: var kernel }
                ? (Draw(above.Name, path.Weights, kernel), Draw(above.Name, above.Weights.Read(), kernel)) : default;
        }

        // From the outputs: a matrix to every unit, or a kernel of the layer above that all its positions share.
        return site is { IsJustBelow: true, Above.Map: ConvolutionMap { Options.Kernel: var shared } } && path.Weights is var weights
            && weights.Columns == shared.Height * shared.Width * site.Module.To.Channels && weights.Columns != site.Module.To.Size
                ? (Draw(network.Layers[path.From].Name, weights, shared), null) : default;
    }

    /// <param name="layer">The layer's name.</param>
    /// <param name="weights">Filters × (kernel row, kernel column, channel).</param>
    /// <param name="kernel">Rows and columns of a kernel.</param>
    /// <param name="isColor">Whether the channels are colors.</param>
    private static KernelRecord? Draw(string layer, Matrix weights, Extent kernel, bool isColor = false)
    {
        if (!GivenWeights.IsFinite(weights))
        {
            return null;
        }

        var positions = kernel.Height * kernel.Width;
        var channels = weights.Columns / positions;
        var shown = isColor ? channels : Math.Min(channels, MostChannels);
        var most = isColor || channels == 1 ? MostFilters : MostFiltersOfChannels;
        var filters = Math.Min(Math.Min(weights.Rows, most), MostNumbers / Math.Max(1, positions * shown));
        var greatest = new float[filters];
        var pixels = new byte[filters * positions * shown];
        for (var filter = 0; filter < filters; filter++)
        {
            greatest[filter] = Enumerable.Range(0, weights.Columns).Max(column => Math.Abs(weights[filter, column]));
            for (var place = 0; place < positions * shown; place++)
            {
                var (position, channel) = Math.DivRem(place, shown);
                pixels[filter * positions * shown + place] = Gray(weights[filter, position * channels + channel], greatest[filter]);
            }
        }

        return new KernelRecord
        {
            Layer = layer,
            Height = kernel.Height,
            Width = kernel.Width,
            Filters = weights.Rows,
            Channels = channels,
            IsColor = isColor,
            ShownChannels = shown,
            Greatest = greatest,
            Pixels = pixels,
        };
    }

    private static byte Gray(float weight, float greatest)
        => greatest == 0 ? (byte)Zero : (byte)(Zero + Math.Round(Most * ((double)weight / greatest)));
}
