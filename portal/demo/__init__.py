"""Made-up organisations and projects in every stage, to look around. Everything goes through the actions."""

from portal.demo.build import PASSWORD, SIGN_INS, RealData, is_there, load

__all__ = ["PASSWORD", "SIGN_INS", "RealData", "is_there", "load"]
