using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Tests.Reference.Modules;
using LibraryNorm = FeedbackAlignment.Networks.Norm;
using LibraryResidual = FeedbackAlignment.Networks.Residual;

namespace FeedbackAlignment.Tests.Reference;

/// <summary>
/// Networks of modules a second time. Pictures lie in planes here and as positions × channels in the library, so some numbers have other
/// places: those of filters, the columns of a dense layer that takes a picture, and the units of a picture.
/// </summary>
internal static class PlainPictures
{
    /// <summary>The same network, with the numbers that it has now. Each module of the row is a stage.</summary>
    /// <param name="network">The library's.</param>
    /// <param name="loss">How wrong an answer is.</param>
    /// <param name="touch">What is done to each number that a layer or norm gives, as if it were rounded; null: nothing.</param>
    public static Net Of(Network network, Loss loss, Func<double, double>? touch)
    {
        var (places, row) = (PlacesOf(network), network.Root.Children.Where(module => module is not (FromPlanes or Flatten)).ToList());
        var output = network.Layers[^1];
        return new([.. row.SkipLast(1).Select(module => Plain(module, places, touch)), Linear(output, places, touch)],
            new Pointwise(output.Activation.Id, touch), loss.Id)
        {
            Units = [.. row.Select(module => Places(module.To))],
        };
    }

    /// <summary>Of each matrix of weights, the library's column of each column here.</summary>
    public static Dictionary<string, int[]> PlacesOf(Network network)
    {
        Dictionary<string, int[]> places = [];
        Visit(network.Root, network.Root.From);
        return places;

        Shape Visit(Module module, Shape from)
        {
            if (module is WeightedLayer layer)
            {
                places[layer.Weights.Name] = layer.Map is ConvolutionMap map
                    ? Places(new(map.Options.Kernel.Height, map.Options.Kernel.Width, map.From.Channels / map.Options.Groups))
                    : Places(from);
            }

            if (module is LibraryResidual)
            {
                foreach (var path in module.Children)
                {
                    Visit(path, from);
                }
            }
            else
            {
                _ = module.Children.Aggregate(from, (shape, child) => Visit(child, shape));
            }

            // A row of units that was a picture is one still.
            return module is Flatten ? from : module.To;
        }
    }

    /// <summary>A parameter's numbers with the columns as they are here.</summary>
    public static double[,] Values(Parameter parameter, IReadOnlyDictionary<string, int[]> places)
    {
        var values = parameter.Read();
        return Table.Make(values.Rows, values.Columns,
            (row, column) => values[row, places.TryGetValue(parameter.Name, out var of) ? of[column] : column]);
    }

    private static PlainModule Plain(Module module, Dictionary<string, int[]> places, Func<double, double>? touch) => module switch
    {
        WeightedLayer layer => new Chain(Linear(layer, places, touch), new Pointwise(layer.Activation.Id, touch)),
        ActivationModule act => new Pointwise(act.Activation.Id, touch),
        BatchNorm norm => Normal(norm, (_, channel) => channel, touch),
        LayerNorm { From.IsPicture: false } norm => Normal(norm, (example, _) => example, touch),
        MaxPool pool => new Modules.Pool(takesGreatest: true, Of(pool.From), Of(pool.Options)),
        AveragePool pool => new Modules.Pool(takesGreatest: false, Of(pool.From), Of(pool.Options)),
        GlobalAveragePool pool => new GlobalPool(Of(pool.From)),
        Sequence row => new Chain([.. row.Children.Select(child => Plain(child, places, touch))]),
        LibraryResidual block => new Modules.Residual(
            Plain(block.Children[0], places, touch),
            block.Children.Count > 1 ? Plain(block.Children[1], places, touch) : new Pointwise("linear")),
        _ => throw new ArgumentException($"{module} has no plain form here"),
    };

    private static Modules.Norm Normal(LibraryNorm norm, Func<int, int, int> setOf, Func<double, double>? touch)
        => new(Copy(norm.Scale, []), Copy(norm.Shift, []), norm.Epsilon, setOf, touch: touch);

    private static PlainModule Linear(WeightedLayer layer, Dictionary<string, int[]> places, Func<double, double>? touch)
    {
        var (weights, biases) = (Copy(layer.Weights, places), layer.Biases is null ? null : Copy(layer.Biases, places));
        return layer.Map is not ConvolutionMap { Options: var options } map ? new Dense(weights, biases, touch)
            : new Modules.Convolution(
                weights, biases, Of(map.From), new(Of(options.Kernel), Of(options.Stride), Of(options.Padding)), options.Groups, touch);
    }

    private static Weight Copy(Parameter parameter, Dictionary<string, int[]> places)
        => new(parameter.Name, parameter.Kind == ParameterKind.Weights, Values(parameter, places))
        {
            Places = places.GetValueOrDefault(parameter.Name),
        };

    /// <summary>Of each number of a picture in planes, its place among positions × channels.</summary>
    private static int[] Places(Shape shape)
        => [.. Of(shape).Places().Select(place => (place.Row * shape.Width + place.Column) * shape.Channels + place.Channel)];

    private static Picture Of(Shape shape) => new(shape.Channels, shape.Height, shape.Width);

    private static Windows Of(PoolOptions options) => new(Of(options.Size), Of(options.Stride ?? options.Size), Of(options.Padding));

    private static (int Height, int Width) Of(Extent extent) => (extent.Height, extent.Width);
}
