using System.Globalization;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>What stands between <c>conv</c> and its activation in a plan.</summary>
internal static class ConvolutionWords
{
    private const string Stride = "stride", Padding = "padding", Dilation = "dilation", Groups = "groups";

    /// <summary>How it is written.</summary>
    public const string Usage = "conv KERNEL FILTERS [stride N] [padding N] [dilation N] [groups N] [ACTIVATION]";

    /// <summary>The words before its numbers.</summary>
    public static IReadOnlyList<string> Known { get; } = [Stride, Padding, Dilation, Groups];

    /// <summary>Reads a convolution, or says what is wrong.</summary>
    /// <param name="words">What stands behind <c>conv</c>; what is left is its activation.</param>
    /// <param name="from">The shape of its input, a picture.</param>
    /// <param name="mistake">What is wrong, where the method gives null.</param>
    public static (int Filters, ConvolutionOptions Options)? Read(ref ReadOnlySpan<string> words, Shape from, out string mistake)
    {
        mistake = "needs a kernel and a number of filters, e.g. conv 3x3 32 relu";
        if (words.Length < 2 || !PlanExtents.TryRead(words[0], from, 1, out var kernel)
            || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var filters) || filters == 0)
        {
            return null;
        }

        words = words[2..];
        if (!PlanExtents.TryTake(ref words, Known, out var values, out var wrong))
        {
            mistake = wrong;
            return null;
        }

        var (stride, dilation) = (Extent.Square(1), Extent.Square(1));
        if (!TryExtent(Stride, 1, ref stride, ref mistake) || !TryExtent(Dilation, 1, ref dilation, ref mistake))
        {
            return null;
        }

        var (padding, groups) = (Same(kernel, dilation) ?? default, 1);
        if (!TryExtent(Padding, 0, ref padding, ref mistake))
        {
            return null;
        }

        if (Same(kernel, dilation) is null && !values.ContainsKey(Padding))
        {
            mistake = $"has a kernel of {kernel}, which has no middle, so it must say its padding, e.g. padding 0";
            return null;
        }

        if (values.TryGetValue(Groups, out var said)
            && (!int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out groups) || groups == 0))
        {
            mistake = "has a wrong number of groups, e.g. groups 2";
            return null;
        }

        var options = new ConvolutionOptions
        {
            Kernel = kernel,
            Stride = stride,
            Padding = padding,
            Dilation = dilation,
            Groups = groups,
        };
        mistake = options.Objection(from, filters) ?? "";
        return mistake.Length > 0 ? null : (filters, options);

        bool TryExtent(string word, int least, ref Extent extent, ref string mistake)
        {
            if (!values.TryGetValue(word, out var text) || PlanExtents.TryRead(text, from, least, out extent))
            {
                return true;
            }

            mistake = PlanExtents.Mistake(word, least);
            return false;
        }
    }

    /// <summary>The words of a convolution, without what is as it is by default.</summary>
    public static string Write(Shape from, int filters, ConvolutionOptions options)
    {
        List<string> words = [NetworkParts.Convolution, $"{options.Kernel}", filters.ToString(CultureInfo.InvariantCulture)];
        Add(Stride, options.Stride, Extent.Square(1), least: 1);
        Add(Padding, options.Padding, Same(options.Kernel, options.Dilation), least: 0);
        Add(Dilation, options.Dilation, Extent.Square(1), least: 1);
        if (options.Groups > 1)
        {
            words.AddRange([Groups, options.Groups.ToString(CultureInfo.InvariantCulture)]);
        }

        return string.Join(' ', words);

        void Add(string word, Extent value, Extent? standard, int least)
        {
            if (value != standard)
            {
                words.AddRange([word, PlanExtents.Write(value, from, least)]);
            }
        }
    }

    /// <summary>The padding with which a stride of 1 keeps the positions; null: a kernel has no middle.</summary>
    private static Extent? Same(Extent kernel, Extent dilation) => kernel.Height % 2 == 0 || kernel.Width % 2 == 0 ? null
        : new(dilation.Height * (kernel.Height - 1) / 2, dilation.Width * (kernel.Width - 1) / 2);
}
