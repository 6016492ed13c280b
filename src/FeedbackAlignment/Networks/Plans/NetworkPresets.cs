using System.Globalization;

namespace FeedbackAlignment.Networks;

/// <summary>A network that a plan can name as a whole. It takes pictures of different sizes, and as many classes as there are.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Summary">What it is, in one line.</param>
/// <param name="Picture">The shape of its pictures where nothing says another.</param>
/// <param name="Modules">Its modules before the output layer, for pictures of a shape.</param>
internal sealed record NetworkPreset(string Id, string Summary, Shape Picture, Func<Shape, string> Modules)
{
    /// <summary>What is wrong with a shape besides what its modules say; null: nothing.</summary>
    public Func<Shape, string?> Suits { get; init; } = _ => null;

    /// <summary>What is wrong with data of a shape; null: nothing.</summary>
    public string? Objection(Shape from) => !from.IsPicture
        ? $"is a network of pictures, but the data are {from} numbers in a row, without a height and a width; write the sizes of dense "
            + $"layers, or say the picture, e.g. {Picture.InPlan}, {Modules(Picture)}, dense 10"
        : Suits(from);

    /// <summary>The row of its modules.</summary>
    public string Text(Shape from, int outputs) => string.Create(CultureInfo.InvariantCulture, $"{Modules(from)}, {NetworkParts.Dense} {outputs}");
}

/// <summary>The networks that a plan can name as a whole.</summary>
internal static class NetworkPresets
{
    /// <summary>Classes where nothing says another number.</summary>
    public const int Classes = 10;

    private static readonly Shape _digit = new(28, 28, 1), _photo = new(32, 32, 3);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<NetworkPreset> All { get; } =
    [
        new("lenet5", "LeNet-5 with relu and max pooling, for pictures of 28 × 28 (padded by 2) or 32 × 32.", _digit, LeNet)
        {
            Suits = from => from is { Height: 28 or 32 } && from.Height == from.Width ? null
                : $"takes pictures of 28 × 28 or 32 × 32, but the data have {from}; write a row of modules that suits them",
        },
        new("conv-mnist", "Two convolutions of 5 × 5 with 32 and 64 filters, max pooling, 128 units; all relu.", _digit,
            _ => "conv 5x5 32 relu, max-pool 2, conv 5x5 64 relu, max-pool 2, dense 128 relu"),
        new("conv-cifar", "Three convolutions of 5 × 5 with 32, 64 and 64 filters, overlapping max pooling, 128 units; all tanh.", _photo,
            _ => string.Join(", ", new[] { 32, 64, 64 }.Select(filters => $"conv 5x5 {filters} tanh, max-pool 3 stride 2 padding 1"))
                + ", dense 128 tanh"),
        new("cifar-dkp", "The network of the authors of direct Kolen-Pollack: two convolutions of 3 × 3 with batch norm, 128 units.", _photo,
            _ => "conv 3x3 32 padding 0, batch-norm, relu, conv 3x3 32 padding 0, batch-norm, relu, max-pool 2, dense 128 relu"),
        new("resnet-20", "Nine residual blocks of two convolutions of 3 × 3, with padded shortcuts (He et al. 2015).", _photo, ResNet),
    ];

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Ids => All.Select(preset => preset.Id);

    /// <summary>The preset of a name, with spaces around it or not; null: it is none.</summary>
    public static NetworkPreset? Find(string text) => All.FirstOrDefault(preset => text.AsSpan().Trim().SequenceEqual(preset.Id));

    private static string LeNet(Shape from)
        => $"conv 5x5 6{(from.Height == 28 ? "" : " padding 0")} relu, max-pool 2, conv 5x5 16 padding 0 relu, max-pool 2, "
            + "conv 5x5 120 padding 0 relu, dense 84 relu";

    private static string ResNet(Shape from)
    {
        List<string> row = ["conv 3x3 16, batch-norm, relu"];
        foreach (var filters in (int[])[16, 32, 64])
        {
            for (var block = 0; block < 3; block++)
            {
                var halves = block == 0 && filters > 16;
                row.Add($"residual(conv 3x3 {filters}{(halves ? " stride 2" : "")}, batch-norm, relu, conv 3x3 {filters}, batch-norm"
                    + $"{(halves ? $" | pad-shortcut {filters} stride 2" : "")}), relu");
            }
        }

        return $"{string.Join(", ", row)}, global-average-pool";
    }
}
