using System.Diagnostics;
using FeedbackAlignment.Testing.Forms;

namespace FeedbackAlignment.Forms;

/// <summary>The real digits in every form.</summary>
internal static class RealForms
{
    public static int Try(string data, int train, int test)
    {
        var mnist = Path.Combine(data, "mnist");
        var (training, tests) = (Digits.Read(mnist, "train", train), Digits.Read(mnist, "t10k", test));
        var errors = new List<double>();
        foreach (var form in DigitForms.All)
        {
            var folder = Directory.CreateTempSubdirectory("fa-digits-").FullName;
            try
            {
                var place = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
                form.Write(place, training, tests);
                GC.Collect();
                var began = Stopwatch.GetTimestamp();
                var (_, error) = DigitForms.Train(form, place, Path.Combine(folder, "run"));
                errors.Add(error);
                Console.WriteLine($"{form.Name,-16} {train} + {test} digits: test error {error:R}, read and trained in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        var same = errors.Distinct().Count() == 1;
        Console.WriteLine(same ? "the same to the bit" : "the forms differ");
        return same ? 0 : 1;
    }
}
