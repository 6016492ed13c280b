using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;

namespace FeedbackAlignment.Playground.Web;

/// <summary>What the worker calls. All that is worth testing is in <see cref="Session"/>.</summary>
[SupportedOSPlatform("browser")]
internal static partial class Program
{
    private static Session? _session;

    private static Session Current => _session ?? throw new InvalidOperationException("nothing has begun");

    private static void Main()
    {
    }

    [JSExport]
    internal static void WarmUp() => Session.WarmUp();

    [JSExport]
    internal static string Choices() => Session.Choices();

    /// <summary>Begins anew. Returns the complete settings; after "! " what is wrong.</summary>
    [JSExport]
    internal static string Begin(string settings) => Said(() =>
    {
        var parsed = Settings.Parse(settings);
        _session = new Session(parsed);
        return parsed.ToString();
    });

    /// <summary>Interferes. Returns nothing; after "! " why it is not possible.</summary>
    [JSExport]
    internal static string Intervene(string what) => Said(() =>
    {
        Current.Intervene(what);
        return "";
    });

    [JSExport]
    internal static void SetRate(double rate) => Current.Rate = rate;

    [JSExport]
    internal static double Learn(int examples) => Current.Learn(examples);

    [JSExport]
    internal static int[] Sizes() => [.. Current.Sizes];

    [JSExport]
    internal static int Measured() => Current.Measured;

    [JSExport]
    internal static double[] Readings() => Current.Readings();

    [JSExport]
    internal static double[] ErrorsOf(int example) => Current.ErrorsOf(example);

    [JSExport]
    internal static double[] Points() => Current.Points();

    [JSExport]
    internal static byte[] Pictures(int which) => Current.Pictures(which);

    [JSExport]
    internal static double[] Weights(int which) => Current.Weights(which);

    [JSExport]
    internal static double[] Feedback() => Current.Feedback();

    [JSExport]
    internal static string Fingerprint(int which) => Current.Fingerprint(which);

    private static string Said(Func<string> act)
    {
        try
        {
            return act();
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException)
        {
            return "! " + wrong.Message.ReplaceLineEndings(" ");
        }
    }
}
